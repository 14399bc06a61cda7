//! `tdx-rt-plan(5)`: the format of plans.

use super::Page;
use super::writer::{Writer, term};
use crate::plan::criteria::{MAX_CHARACTERS, MAX_DEPTH};
use crate::plan::keys::{Key, mappings};
use crate::plan::{MAX_BYTES, RULES};

const EXAMPLE: &str = "\
parent_segment_name: Customer 360
events:
  - {name: page_view, table: web_events.pageviews}
id_stitching:
  stitching_keys: [canonical_id, {name: td_client_id, exclude_regex: '^test_'}]
attributes:
  - {name: last_product, type: single, source_event: page_view, source_field: product_id}
  - {name: views, type: counter, source_event: page_view, window_duration: [24h, 7d]}
  - {name: loyalty_tier, type: imported_batch}
personalization_service:
  name: web
  trigger_event: page_view
  sections:
    - name: VIP
      criteria: \"loyalty_tier = 'VIP' AND views.window_24h >= 3\"
      attributes: [last_product]
      strings: {welcome: Welcome back}
    - {name: Default, attributes: [last_product]}";

const COMMANDS: &str = "\
tdx-rt discover --use-case web --database web_events --ps 394649 --yaml > plan.yaml
tdx-rt validate plan.yaml
tdx-rt apply plan.yaml";

/// The page.
pub(super) fn page() -> Page {
    let mut page = Writer::new("tdx-rt-plan", "5", "the format of tdx-rt plans");
    page.section("DESCRIPTION");
    page.text(&format!(
        "A plan says what the real-time configuration of a parent segment should be. It is YAML or JSON of at most {} \
         MB, nested at most 100 levels deep; several YAML documents in one file are one plan. It is also the document that goes from step to step in \
         a pipe: a step adds what it found or made, and later steps read that.\n\n\
         What a plan does not say stays as it is: descriptions, filters, and items that others made. Keys that \
         begin with `x-` are yours; an unknown key that is near a known one, or known at another level, is an error, and \
         any other is a warning. Numbers keep their characters where a string is read. The older service \
         templates (`service_name`, `outputs`) are read too.",
        MAX_BYTES / 1_000_000
    ));
    page.section("KEYS");
    page.text("Each key with the type of its value, and what holds when it is left out.");
    for mapping in mappings() {
        page.part(if mapping.path.is_empty() { "The document" } else { mapping.path });
        if !mapping.about.is_empty() {
            page.text(mapping.about);
        }
        for Key { name, kind, default, about, types: _ } in &mapping.keys {
            let default = if default.is_empty() { String::new() } else { format!(" Left out: {default}.") };
            page.item(term(name, &kind.replace('`', "")), &format!("{about}{default}"));
        }
    }
    lengths_and_criteria(&mut page);
    page.section("RENAMING");
    page.text(
        "An item is found by its name: under another name it is a new one, and what is live stays. With `renamed_from` \
         an event, an attribute, a section, a personalization or a journey says the name that it had. Where that one is \
         live and the new name is not, it gets the new name and keeps its id, its values, its tokens and what refers to \
         it; everywhere else `renamed_from` does nothing, and it can be taken out when it has done its work. An \
         attribute keeps its identifier. The platform does not rename everything: an imported attribute has the name of \
         its batch attribute, and no attribute gets another type. Then a new one is made and the old one stays, and \
         `validate --live` and `diff` say so (`not-renamed`).",
    );
    page.section("FINDINGS");
    page.text("What `validate` and every command that reads a plan can say of it; `tdx-rt explain CODE` explains each.");
    for (code, meaning) in RULES {
        page.item(term(code, ""), meaning);
    }
    page.section("EXAMPLES");
    page.literal(EXAMPLE.lines());
    page.paragraph();
    page.text("Made, checked and carried out:");
    page.literal(COMMANDS.lines());
    let related = ["tdx-rt", "tdx-rt-validate", "tdx-rt-diff", "tdx-rt-apply", "tdx-rt-explain"];
    page.see_also(&related.map(|name| (name.to_owned(), "1")));
    page.finish()
}

fn lengths_and_criteria(page: &mut Writer) {
    page.section("LENGTHS OF TIME");
    page.text(
        "A whole number of at least 1 and a unit: `m` or minutes, `h` or hours, `d` or days, `w` or weeks; such as \
         30m, 24h, 7d or 2w. At most a hundred years.",
    );
    page.section("CRITERIA");
    page.text(&format!(
        "Text like that of a WHERE in SQL, over columns in `where` of events and attributes, over attributes in \
         `criteria` of sections. At most {MAX_CHARACTERS} characters and {MAX_DEPTH} levels.

  =  !=  <>  >  >=  <  <=
  AND  OR  NOT  ( )
  IS NULL                 IS NOT NULL
  IN ('a', 'b')           NOT IN ('a', 'b')
  LIKE 'a%'               NOT LIKE 'a%'
  BETWEEN 1 AND 3         NOT BETWEEN 1 AND 3
  REGEXP '^a'             NOT REGEXP '^a'

Strings stand in single quotes, with '' inside for one; odd names in double quotes. In LIKE, % is any string and _ any \
         character, and \\ before either is for itself. A comparison with a value that is missing is never true, \
         negated or not; only IS NULL is."
    ));
}
