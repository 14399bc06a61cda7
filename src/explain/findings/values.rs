//! Attributes, criteria and other values.

use super::super::Advice;
use super::offline;

pub(super) const ADVICE: [Advice; 16] = [
    offline(
        "bad-aggregation",
        "single attributes take last, first, sum, min, max; lists the same and distinct_list; counters count and sum",
        "take one of those, or another type of attribute",
        "events: [{name: view, table: web.pages}]
attributes: [{name: n, type: counter, source_event: view, aggregation: last}]
",
        "events: [{name: view, table: web.pages}]
attributes: [{name: n, type: counter, source_event: view, aggregation: count}]
",
    ),
    offline(
        "bad-criteria",
        "the SQL-like text cannot be read; an excerpt points at the place",
        "strings are written in single quotes; tdx-rt-plan(5) has the language",
        "events: [{name: view, table: web.pages, where: 'x = VIP'}]\n",
        "events: [{name: view, table: web.pages, where: \"x = 'VIP'\"}]\n",
    ),
    offline(
        "bad-duration",
        "a length is a number with m, h, d or w; two windows of a counter cannot be equal, and none is longer than its duration",
        "write it like 30m, 24h, 7d or 2w",
        "events: [{name: view, table: web.pages}]
attributes: [{name: n, type: counter, source_event: view, window_duration: 5y}]
",
        "events: [{name: view, table: web.pages}]
attributes: [{name: n, type: counter, source_event: view, window_duration: 7d}]
",
    ),
    offline(
        "bad-regex",
        "the regular expression does not compile",
        "escape what is meant literally with a backslash; YAML needs single quotes around it",
        "events: [{name: view, table: web.pages, filter: {field: p, pattern: '('}}]\n",
        "events: [{name: view, table: web.pages, filter: {field: p, pattern: '\\('}}]\n",
    ),
    offline(
        "bad-string",
        "{{ and }} mark parts that the platform fills in; a string cannot have them",
        "write the string without them",
        "personalization_service: {name: home, trigger_event: view, sections: [{name: a, strings: {hi: 'Hi {{name}}'}}]}\n",
        "personalization_service: {name: home, trigger_event: view, sections: [{name: a, strings: {hi: Hi}}]}\n",
    ),
    offline(
        "bad-sub",
        "a list has one part for each aggregation, a counter one for each window, and the others none",
        "take a part that the attribute has, or leave sub out",
        "events: [{name: view, table: web.pages}]
attributes: [{name: n, type: counter, source_event: view, window_duration: 24h}]
personalization_service:
  name: home
  trigger_event: view
  sections: [{name: all, attributes: [{name: n, sub: window_7d}]}]
",
        "events: [{name: view, table: web.pages}]
attributes: [{name: n, type: counter, source_event: view, window_duration: 24h}]
personalization_service:
  name: home
  trigger_event: view
  sections: [{name: all, attributes: [{name: n, sub: window_24h}]}]
",
    ),
    offline(
        "bounded-aggregation",
        "the platform keeps first, sum, min and max over a list of the last items, not over all time; the default is 100 items",
        "say max_items if that is what you want",
        "events: [{name: view, table: web.pages}]
attributes: [{name: f, type: single, source_event: view, source_field: page, aggregation: first}]
",
        "events: [{name: view, table: web.pages}]
attributes:
  - {name: f, type: single, source_event: view, source_field: page, aggregation: first, max_items: 5}
",
    ),
    offline(
        "criteria-type",
        "the comparison cannot hold for the attribute's type, such as a string with a counter",
        "compare with a value of its type; a list takes IS NULL and its parts",
        "events: [{name: view, table: web.pages}]
attributes: [{name: n, type: counter, source_event: view}]
personalization_service:
  name: home
  trigger_event: view
  sections: [{name: all, criteria: \"n = 'many'\", attributes: [n]}]
",
        "events: [{name: view, table: web.pages}]
attributes: [{name: n, type: counter, source_event: view}]
personalization_service:
  name: home
  trigger_event: view
  sections: [{name: all, criteria: n > 3, attributes: [n]}]
",
    ),
    offline(
        "same-second",
        "items of a list are distinguished by their id; without id_field that is the second, so two events of one second count once",
        "name in id_field the column that distinguishes them",
        "events: [{name: buy, table: web.orders}]
attributes: [{name: spent, type: list, source_event: buy, source_field: price, aggregation: sum, max_items: 9}]
",
        "events: [{name: buy, table: web.orders}]
attributes:
  - {name: spent, type: list, source_event: buy, source_field: price, aggregation: sum, max_items: 9, id_field: id}
",
    ),
    offline(
        "unknown-attribute",
        "a section or its criteria name an attribute that the plan does not make; it may be live, which --live checks",
        "take the name that the fix has, or add the attribute",
        "attributes: [{name: tier, type: imported_batch}]
personalization_service:
  name: home
  trigger_event: view
  sections: [{name: all, attributes: [teir]}]
",
        "attributes: [{name: tier, type: imported_batch}]
personalization_service:
  name: home
  trigger_event: view
  sections: [{name: all, attributes: [tier]}]
",
    ),
    offline(
        "list-limits",
        "the vendor's page on list attributes has at most 100 items and 60 days; the platform takes more, and may keep less. The default of 90 days is that of the published plans",
        "stay within them, or ask the vendor; what is live already stays as it is",
        "events: [{name: view, table: web.pages}]
attributes: [{name: l, type: list, source_event: view, source_field: page, max_items: 500}]
",
        "events: [{name: view, table: web.pages}]
attributes: [{name: l, type: list, source_event: view, source_field: page, max_items: 100}]
",
    ),
    offline(
        "unknown-event",
        "an attribute, section or action names a key event that does not exist",
        "take the name that the fix has, or add the event",
        "events: [{name: view, table: web.pages}]\nattributes: [{name: n, type: counter, source_event: veiw}]\n",
        "events: [{name: view, table: web.pages}]\nattributes: [{name: n, type: counter, source_event: view}]\n",
    ),
    offline(
        "unknown-type",
        "types are single, list, counter, imported_batch and lookup_catalog",
        "take one of those",
        "events: [{name: view, table: web.pages}]\nattributes: [{name: n, type: cuonter, source_event: view}]\n",
        "events: [{name: view, table: web.pages}]\nattributes: [{name: n, type: counter, source_event: view}]\n",
    ),
    offline(
        "unknown-value",
        "the key takes one of a few words, and this is none of them",
        "take a word that the message or fix names",
        "personalization_service:
  name: home
  trigger_event: view
  only: services
  sections: [{name: all, strings: {hi: Hi}}]
",
        "personalization_service:
  name: home
  trigger_event: view
  only: entity
  sections: [{name: all, strings: {hi: Hi}}]
",
    ),
    offline(
        "unquoted-number",
        "a number in a body or in parameters goes out as JSON writes it, and this one is written otherwise; or it has more digits than a number keeps",
        "put it in quotes where it is a string, as `validate --fix` does, or write it as the message does",
        "journeys:
  - name: cart
    trigger_event: view
    steps:
      - {activate: webhook, url: 'https://hooks.example.com/in', body: {tel: +15550100}}
",
        "journeys:
  - name: cart
    trigger_event: view
    steps:
      - {activate: webhook, url: 'https://hooks.example.com/in', body: {tel: '+15550100'}}
",
    ),
    offline(
        "unused-field",
        "this kind of attribute does not use the key, so it has no effect",
        "remove it, or take the type that uses it",
        "events: [{name: view, table: web.pages}]
attributes: [{name: n, type: counter, source_event: view, source_field: page}]
",
        "events: [{name: view, table: web.pages}]
attributes: [{name: n, type: counter, source_event: view}]
",
    ),
];
