//! What only the account can show: `validate --live`.

use super::super::Advice;
use super::live;

pub(super) const ADVICE: [Advice; 14] = [
    live(
        "ambiguous-parent-segment",
        "names of parent segments need not be unique, and several have this one",
        "name it by its id; `tdx-rt ps-check` lists them",
        "parent_segment_name: Twins\n",
        "parent_segment_id: '394660'\n",
    ),
    live(
        "ambiguous-segment",
        "several batch segments of the parent segment have this name",
        "name it by its id, which the console shows in the segment's address",
        "parent_segment_id: '394649'
personalization_service:
  name: new
  trigger_event: page_view
  sections: [{name: all, attributes: [last], batch_segments: [Newsletter]}]
",
        "parent_segment_id: '394649'
personalization_service:
  name: new
  trigger_event: page_view
  sections: [{name: all, attributes: [last], batch_segments: ['9009']}]
",
    ),
    live(
        "live-conflict",
        "the platform keeps some things as they were made: an attribute's type and source, the external lookup key, whether a service is public",
        "say what is live, leave it out, or take another name",
        "parent_segment_id: '394649'
attributes:
  - {name: views, type: single, source_event: page_view, source_field: price}
",
        "parent_segment_id: '394649'
attributes:
  - {name: last_price, type: single, source_event: page_view, source_field: price}
",
    ),
    live(
        "not-profile-key",
        "profiles are joined with the batch layer by the key of the parent segment's master table; another column finds no profile",
        "say the profile key that the fix names, or leave ext_lookup_key out: it is found by itself",
        "parent_segment_id: '394660'\nid_stitching: {ext_lookup_key: canonical_id}\n",
        "parent_segment_id: '394660'\nid_stitching: {ext_lookup_key: customer_id}\n",
    ),
    live(
        "not-renamed",
        "renamed_from names a live item that the platform cannot give the new name: an imported attribute has the name of its batch attribute, and no attribute gets another type. A new one is made, and the old one stays with its values",
        "keep the old name; or take renamed_from out, and delete the old one when nothing uses it any more",
        "parent_segment_id: '394649'
attributes:
  - {name: city, renamed_from: loyalty_tier, type: imported_batch}
",
        "parent_segment_id: '394649'
attributes:
  - {name: city, type: imported_batch}
",
    ),
    live(
        "renamed-elsewhere",
        "renamed_from gives a live item a new name, and another plan that was applied here names it by the old one: its next apply makes another item of that name, or is refused. Which plans were applied is known on the machine that did it, or from the file of --ownership",
        "change the name in the other plan as well, with renamed_from, before it is applied",
        "parent_segment_id: '394649'
attributes:
  - {name: visits, renamed_from: views, type: counter, source_event: page_view}
",
        "parent_segment_id: '394649'
attributes:
  - {name: views, type: counter, source_event: page_view}
",
    ),
    live(
        "rt-not-enabled",
        "real-time 2.0 is switched on by the vendor for each parent segment",
        "ask your CSM to enable it, or take a parent segment that has it: `tdx-rt ps-check`",
        "parent_segment_id: '394651'\n",
        "parent_segment_id: '394649'\n",
    ),
    live(
        "unknown-batch-attribute",
        "an import or a backfill names a column that the parent segment's batch attributes do not have",
        "take one that `tdx-rt discover attributes` lists",
        "parent_segment_id: '394649'\nattributes: [{name: citi, type: imported_batch}]\n",
        "parent_segment_id: '394649'\nattributes: [{name: city, type: imported_batch}]\n",
    ),
    live(
        "unknown-column",
        "the platform takes any column name; one that the table lacks is never filled",
        "take a column that `tdx-rt discover columns DB.TABLE` lists",
        "parent_segment_id: '394649'
attributes:
  - {name: more, type: single, source_event: page_view, source_field: prodct_id}
",
        "parent_segment_id: '394649'
attributes:
  - {name: more, type: single, source_event: page_view, source_field: product_id}
",
    ),
    live(
        "unknown-parent-segment",
        "the id or name is mistyped, or belongs to another account or site",
        "`tdx-rt ps-check` lists the parent segments; check --site too",
        "parent_segment_name: Customer 36\n",
        "parent_segment_name: Customer 360\n",
    ),
    live(
        "unknown-segment",
        "a section asks for a batch segment that is not one of this parent segment",
        "use the name as the console has it, or the id",
        "parent_segment_id: '394649'
personalization_service:
  name: new
  trigger_event: page_view
  sections: [{name: all, attributes: [last], batch_segments: [Hig Value]}]
",
        "parent_segment_id: '394649'
personalization_service:
  name: new
  trigger_event: page_view
  sections: [{name: all, attributes: [last], batch_segments: [High Value]}]
",
    ),
    live(
        "unknown-table",
        "the database or table is mistyped, or the key cannot see it",
        "take a table that `tdx-rt discover tables DB` lists",
        "parent_segment_id: '394649'\nevents: [{name: more, table: web_events.pageview}]\n",
        "parent_segment_id: '394649'\nevents: [{name: more, table: web_events.pageviews}]\n",
    ),
    live(
        "limit-exceeded",
        "the platform documents limits: 100 event tables and 100 stitching keys, 600 items together, 1,000 characters of filters, 10 KB of a response",
        "remove what is not needed, or shorten it; with --live, what is live already counts too",
        "",
        "",
    ),
    live(
        "many-attributes",
        "a profile keeps the values of 200 single, list and counter attributes at most; a plan with more may lose some",
        "take out attributes that nothing uses",
        "",
        "",
    ),
];
