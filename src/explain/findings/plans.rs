//! The document, its events, keys and sections.

use super::super::Advice;
use super::offline;

pub(super) const ADVICE: [Advice; 24] = [
    offline(
        "bad-rename",
        "renamed_from is the name under which an item is live. It cannot be its own name, that of an item which the plan has as well, or that of two",
        "say the name that the item had; take renamed_from out where the item is a new one",
        "events:
  - {name: view, table: web.pages}
  - {name: product_view, table: web.pages, renamed_from: view}
",
        "events:
  - {name: click, table: web.clicks}
  - {name: product_view, table: web.pages, renamed_from: view}
",
    ),
    offline(
        "bad-syntax",
        "the input is neither YAML nor JSON: indentation, a bracket or a quote that is never closed",
        "look at the place, and at the line before it",
        "events: [{name: view\n",
        "events: [{name: view, table: web.pages}]\n",
    ),
    offline(
        "bad-table",
        "a table stands as database.table, or database and table are two keys",
        "write table: DB.TABLE",
        "events: [{name: view, table: web.pages.x}]\n",
        "events: [{name: view, table: web.pages}]\n",
    ),
    offline(
        "blank",
        "a name is empty, or has spaces only",
        "give it a name",
        "events: [{name: '', table: web.pages}]\n",
        "events: [{name: view, table: web.pages}]\n",
    ),
    offline(
        "documents-disagree",
        "several YAML documents in one file are one plan, and two of them say different things where only one can be",
        "say it once",
        "parent_segment_id: 1\n---\nparent_segment_id: 2\n",
        "parent_segment_id: 1\n---\nevents: []\n",
    ),
    offline(
        "duplicate-key",
        "YAML takes the last of two equal keys without a warning, so one of them would be lost",
        "join the two, or rename one",
        "events: []\nevents: []\n",
        "events: []\n",
    ),
    offline(
        "duplicate-name",
        "things are found by their names, so two cannot have the same",
        "rename one of them",
        "events: [{name: view, table: web.pages}, {name: view, table: web.other}]\n",
        "events: [{name: view, table: web.pages}, {name: click, table: web.other}]\n",
    ),
    offline(
        "duplicate-segment",
        "a section names one batch segment twice",
        "name it once",
        "attributes: [{name: tier, type: imported_batch}]
personalization_service:
  name: home
  trigger_event: view
  sections: [{name: all, attributes: [tier], batch_segments: [big, big]}]
",
        "attributes: [{name: tier, type: imported_batch}]
personalization_service:
  name: home
  trigger_event: view
  sections: [{name: all, attributes: [tier], batch_segments: [big]}]
",
    ),
    offline(
        "empty-section",
        "a section without attributes, strings and catalogs answers nothing; the platform refuses it",
        "add what it should answer, or remove it",
        "personalization_service: {name: home, trigger_event: view, sections: [{name: all, batch_segments: [x]}]}\n",
        "personalization_service: {name: home, trigger_event: view, sections: [{name: all, strings: {hello: Hi}}]}\n",
    ),
    offline(
        "lookup-is-stitching-key",
        "the external lookup key joins a profile with the batch layer; as a stitching key it would stitch people by it as well",
        "leave ext_lookup_key out, or take another column",
        "id_stitching: {stitching_keys: [email], ext_lookup_key: email}\n",
        "id_stitching: {stitching_keys: [email], ext_lookup_key: customer_id}\n",
    ),
    offline(
        "missing-field",
        "a key without a default is missing",
        "add the key that the message names",
        "events: [{name: view, table: pages}]\n",
        "events: [{name: view, database: web, table: pages}]\n",
    ),
    offline(
        "not-a-mapping",
        "a plan is a mapping of keys; this is a list, a single value or nothing",
        "begin with a key such as events:",
        "- {name: view, table: web.pages}\n",
        "events:\n  - {name: view, table: web.pages}\n",
    ),
    offline(
        "not-a-plan",
        "the input has no key of a plan: a body of a request, the output of a dry run, or something else",
        "pass a plan; the body of a request is checked by `tdx-rt validate` alone",
        "dry_run: true\nrequests: []\n",
        "events: []\n",
    ),
    offline(
        "output-name",
        "names in a response are unique and have 256 characters at most",
        "give it another name with as:",
        "attributes: [{name: tier, type: imported_batch}, {name: city, type: imported_batch}]
personalization_service:
  name: home
  trigger_event: view
  sections: [{name: all, attributes: [tier, {name: city, as: tier}]}]
",
        "attributes: [{name: tier, type: imported_batch}, {name: city, type: imported_batch}]
personalization_service:
  name: home
  trigger_event: view
  sections: [{name: all, attributes: [tier, {name: city, as: town}]}]
",
    ),
    offline(
        "primary-key-added",
        "the primary key is always a stitching key; it was added to the list",
        "add it to stitching_keys yourself",
        "id_stitching: {primary_key: a, stitching_keys: [b]}\n",
        "id_stitching: {primary_key: a, stitching_keys: [a, b]}\n",
    ),
    offline(
        "sensitive-hidden",
        "a sensitive attribute is left out of the answer of a section without include_sensitive",
        "add include_sensitive: true to the section, or take the attribute out",
        "attributes: [{name: mail, type: imported, sensitive: true}]
personalization_service:
  name: home
  trigger_event: view
  sections: [{name: all, attributes: [mail]}]
",
        "attributes: [{name: mail, type: imported, sensitive: true}]
personalization_service:
  name: home
  trigger_event: view
  sections: [{name: all, attributes: [mail], include_sensitive: true}]
",
    ),
    offline(
        "same-criteria",
        "sections are tried in order, and the first that fits answers. An earlier one has the same criteria in the same or in other words, and answers to the same event. With --live and in `diff` sections that are live and stay take part, in the order that will be",
        "change the criteria of one of them, or make one section of both; where a section was renamed, say its old name with renamed_from",
        "attributes: [{name: tier, type: imported_batch}]
personalization_service:
  name: home
  trigger_event: view
  sections:
    - {name: vip, criteria: \"tier = 'VIP'\", attributes: [tier]}
    - {name: best, criteria: \"tier IN ('VIP')\", strings: {hello: Hi}}
",
        "attributes: [{name: tier, type: imported_batch}]
personalization_service:
  name: home
  trigger_event: view
  sections:
    - {name: vip, criteria: \"tier = 'VIP'\", attributes: [tier]}
    - {name: best, criteria: \"tier = 'Gold'\", strings: {hello: Hi}}
",
    ),
    offline(
        "similar-keys",
        "two stitching keys differ in case only; one of them is likely a slip",
        "take out the one that the tables do not have",
        "id_stitching: {stitching_keys: [email, Email]}\n",
        "id_stitching: {stitching_keys: [email]}\n",
    ),
    offline(
        "slow-section",
        "the platform promises its latency for 20 attributes in a section",
        "take out what the page does not need, or split the section",
        "personalization_service:
  name: home
  trigger_event: view
  sections:
    - name: all
      attributes: [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u]
",
        "personalization_service:
  name: home
  trigger_event: view
  sections:
    - name: all
      attributes: [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t]
",
    ),
    offline(
        "table-name",
        "the personalization API takes events of databases and tables of lower-case letters, digits and _ only, 3 to 128 of them",
        "take a table with such a name; ingest by streaming works with any",
        "events: [{name: view, table: Web.pages}]\n",
        "events: [{name: view, table: web.pages}]\n",
    ),
    offline(
        "too-large",
        "input of more than 5 MB, or JSON of more than 400,000 values, is refused, so that any input is read within 256 MB of memory",
        "split it, or check that it is the right file",
        "",
        "",
    ),
    offline(
        "unknown-key",
        "the program does not know the key. One that is near a known one, or known at another level, is an error, because what it should guard would be unguarded; others are ignored with a warning. Keys that begin with x- are yours",
        "take the key that the fix names (`validate --fix` renames it), indent it where it belongs, or begin it with x-",
        "attributes: []\nevnets: []\n",
        "attributes: []\nevents: []\n",
    ),
    offline(
        "unreachable-section",
        "sections are tried in order, and one before it takes everyone. With --live and in `diff` sections that are live and stay take part, in the order that will be",
        "move it before that one, or give that one criteria",
        "attributes: [{name: tier, type: imported_batch}]
personalization_service:
  name: home
  trigger_event: view
  sections:
    - {name: all, attributes: [tier]}
    - {name: vip, criteria: \"tier = 'VIP'\", attributes: [tier]}
",
        "attributes: [{name: tier, type: imported_batch}]
personalization_service:
  name: home
  trigger_event: view
  sections:
    - {name: vip, criteria: \"tier = 'VIP'\", attributes: [tier]}
    - {name: all, attributes: [tier]}
",
    ),
    offline(
        "wrong-type",
        "a value has another type than its key takes, such as a mapping for a list",
        "write what the message asks for",
        "events: {name: view, table: web.pages}\n",
        "events: [{name: view, table: web.pages}]\n",
    ),
];
