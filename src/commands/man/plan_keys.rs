//! The keys of a plan: for each mapping its keys, with type, default and meaning.

/// A key: its name, the type of its value, the default, what it says.
pub(super) type Key = (&'static str, &'static str, &'static str, &'static str);

/// A mapping of a plan.
pub(super) struct Mapping {
    /// Where it stands, as the reader of plans has it; nothing for the document itself.
    pub(super) path: &'static str,
    pub(super) about: &'static str,
    pub(super) keys: &'static [Key],
}

pub(super) const MAPPINGS: [Mapping; 15] = [
    Mapping {
        path: "",
        about: "All keys may be left out; what a plan does not say stays as it is.",
        keys: &[
            ("parent_segment_id", "digits", "", "The parent segment. `--ps` wins."),
            ("parent_segment_name", "text", "", "The same by its name; the id wins."),
            ("event_tables", "list of `DB.TABLE`", "those of the events", "Tables that no event names."),
            ("events", "list", "none", "Key events."),
            ("id_stitching", "mapping", "", "Which columns identify a profile."),
            ("attributes", "list", "none", "Attributes of a profile."),
            ("personalization_service", "mapping", "", "A service, with the entity of the same name."),
            ("personalization_services", "list", "none", "Several of them."),
            ("use_case", "text", "", "What `discover --use-case` proposed it for; not read."),
            ("description", "text", "", "For people; not read."),
            ("journey", "mapping", "", "A journey."),
            ("journeys", "list", "none", "Several of them."),
        ],
    },
    Mapping {
        path: "events",
        about: "A key event is what people do, as rows of a table. Filters of all events of a parent segment have \
                1,000 characters together.",
        keys: &[
            ("name", "text", "needed", "Unique in the parent segment."),
            (
                "renamed_from",
                "text",
                "",
                "The name that it had: what is live under that one is renamed, not made anew; see RENAMING.",
            ),
            ("database", "text", "needed unless in `table`", "Database of the table."),
            ("table", "text", "needed", "Table, or `DB.TABLE`. There are 100 event tables at most."),
            ("description", "text", "stays", "For people."),
            ("where", "criteria", "all rows", "Which rows count, as text; see CRITERIA."),
            (
                "filter",
                "mapping or list",
                "all rows",
                "`{field, pattern}`: the column matches the regular expression; several must all match. Also a text like `where`, or a rule as the platform has it.",
            ),
        ],
    },
    Mapping {
        path: "id_stitching",
        about: "",
        keys: &[
            ("primary_key", "column", "", "The main one; it is a stitching key too."),
            ("stitching_keys", "list", "none", "Columns, or mappings as below; 100 at most."),
            (
                "ext_lookup_key",
                "column",
                "found with the first keys",
                "Key of the master table that joins a profile with the batch layer. It cannot be changed once it is set.",
            ),
        ],
    },
    Mapping {
        path: "id_stitching.stitching_keys",
        about: "",
        keys: &[
            ("name", "column", "needed", "Column of the event tables."),
            ("valid_regex", "regular expression", "any", "A value that does not match is no id."),
            ("exclude_regex", "regular expression", "none", "A value that matches is no id."),
            ("invalid", "list of texts", "none", "Values that are no ids, such as 'null'."),
            ("description", "text", "", "For people; the platform keeps none."),
        ],
    },
    Mapping {
        path: "attributes",
        about: "Types: `single` is the latest value of a column, `list` distinct values with the newest first, `counter` \
                counts events or sums a column, `imported_batch` takes a batch attribute over, `lookup_catalog` looks \
                rows of a table up. A profile has values of 200 single, list and counter attributes at most, and a \
                value 500 bytes.",
        keys: &[
            ("name", "text", "needed", "Unique in the parent segment."),
            (
                "renamed_from",
                "text",
                "",
                "The name that it had: what is live under that one is renamed, not made anew; see RENAMING.",
            ),
            (
                "type",
                "word",
                "needed",
                "One of the types above. The platform's own spellings `imported` and `lookupCatalog` are read too.",
            ),
            (
                "identifier",
                "word",
                "the name made safe",
                "Its name in criteria of the platform and in requests; has no spaces.",
            ),
            ("description", "text", "stays", "For people."),
            ("source_event", "event", "needed", "Single, list, counter: the key event that feeds it."),
            (
                "source_field",
                "column",
                "needed",
                "Single and list, and counters that sum: the column whose value is taken.",
            ),
            ("where", "criteria", "all events", "Single, list, counter: which of the event's rows count."),
            ("filter", "mapping or list", "all events", "The same as of events."),
            (
                "aggregation",
                "word",
                "`last`, `distinct_list`, `count`",
                "Single: last, first, sum, min, max (all but last become a list or a counter); list: distinct_list, first, last, sum, min, max; counter: count, sum.",
            ),
            ("data_type", "`string` or `number`", "as the column", "Single: the type of its value."),
            ("max_items", "number", "100", "List: how many items it keeps."),
            (
                "expiry_days",
                "number",
                "90 for lists",
                "Single, list, counter without windows: how many days a value lives.",
            ),
            (
                "expiry",
                "length or `none`",
                "",
                "The same where days are too coarse: 12h; `none` is for good.",
            ),
            ("id_field", "column", "", "List: the column that tells items apart."),
            ("fields", "list of columns", "those it aggregates", "List: the columns that an item keeps."),
            (
                "aggregations",
                "list",
                "",
                "List: several, as `{name, identifier, column, aggregation}`, in place of source_field and aggregation; needs id_field.",
            ),
            (
                "actions",
                "list",
                "none",
                "List: `{action, event, where, filter}`; events that take items away. The action is delete_item or clear.",
            ),
            (
                "window_duration",
                "length or list",
                "none: in total",
                "Counter: sliding windows. Single and list: how long a value lives.",
            ),
            (
                "windows",
                "list",
                "",
                "Counter: `{name, identifier, window}`, windows with names of one's own.",
            ),
            (
                "duration",
                "length or `none`",
                "the longest window",
                "Counter with windows: how long events are kept.",
            ),
            ("increment", "number", "1", "Counter: by how much an event counts; at least 1."),
            (
                "backfill",
                "mapping",
                "none",
                "Single, counter: `{attribute, timestamp}`, batch attributes to begin with.",
            ),
            ("column", "batch attribute", "the name", "imported_batch: which one it takes over."),
            (
                "sensitive",
                "flag",
                "false",
                "Single and imported_batch: left out of sections without include_sensitive.",
            ),
            ("sensitivity", "word", "", "The same in the published dialect: sensitive or non-sensitive."),
            ("source", "text", "", "Of the published dialect; not read."),
            ("catalog_table", "table", "needed", "lookup_catalog: the table."),
            (
                "catalog_columns",
                "list",
                "none",
                "lookup_catalog: `{name, type}` of the columns that are answered; the type is string when left out.",
            ),
            (
                "lookup_keys",
                "list",
                "needed",
                "lookup_catalog: `{name, type}` of the columns that are looked up.",
            ),
        ],
    },
    Mapping {
        path: "personalization_service",
        about: "",
        keys: &[
            ("name", "text", "needed", "Unique in the parent segment."),
            (
                "renamed_from",
                "text",
                "",
                "The name that it had: what is live under that one is renamed, not made anew; see RENAMING.",
            ),
            ("description", "text", "stays", "Of the entity and the service."),
            ("service_description", "text", "the description", "Of the service where it differs."),
            ("trigger_event", "event", "needed", "The key event that it answers to."),
            ("public", "flag", "false", "Whether browsers may use its tokens; fixed when it is made."),
            ("sections", "list", "needed", "Who gets what; the first that fits answers."),
            ("only", "`service` or `entity`", "both", "Where one half is wanted alone."),
        ],
    },
    Mapping {
        path: "personalization_service.sections",
        about: "A section answers attributes, strings or catalogs; a response has 10 KB at most, and a name in it 256 \
                characters. The platform promises its latency for 20 attributes.",
        keys: &[
            ("name", "text", "needed", "Unique in the service; the key of its offer in a response."),
            (
                "renamed_from",
                "text",
                "",
                "The name that it had: what is live under that one is renamed, not made anew; see RENAMING.",
            ),
            (
                "criteria",
                "criteria or rule",
                "everyone",
                "Who gets it, over attributes: `name`, or `name.sub` for one aggregation or window. A rule as the platform has it names attributes with realtimeAttribute.",
            ),
            (
                "attributes",
                "list",
                "none",
                "Names, or `{name, as, sub}`: another name in the response, and one aggregation or window.",
            ),
            ("strings", "mapping", "none", "Name in the response: a text, or a list of its parts."),
            ("catalogs", "list", "stays", "Rows of a lookup catalog; below."),
            (
                "batch_segments",
                "list",
                "none",
                "Names or ids of batch segments whose membership is answered.",
            ),
            ("description", "text", "stays", "Of the entry criteria."),
            ("include_sensitive", "flag", "false", "Whether sensitive attributes are answered."),
            ("trigger_event", "event", "the service's", "Another key event for this section."),
            ("trigger_where", "criteria", "all events", "Which of its events count."),
            ("trigger_filter", "mapping or list", "all events", "The same as `filter` of events."),
            ("entry_name", "text", "the section's", "Name of the entry criteria."),
            (
                "accept_unknown_profiles",
                "flag",
                "stays",
                "Whether profiles that the batch layer does not know take part.",
            ),
            ("response_name", "text", "Response", "Name of the response node."),
            ("response_description", "text", "", "Of the response node."),
        ],
    },
    Mapping {
        path: "personalization_service.sections.catalogs",
        about: "",
        keys: &[
            ("catalog", "attribute", "needed", "The lookup_catalog attribute."),
            ("attribute", "attribute", "needed", "Its value is looked up."),
            ("column", "column", "needed", "The column of the catalog that holds the value."),
            ("as", "text", "the catalog's name", "Its name in the response."),
        ],
    },
    Mapping {
        path: "journeys",
        about: "A journey begins with a key event; its steps call what is outside. What runs is fixed once it is launched; what its activations send is not. The keys of a stage may stand here when there is one stage.",
        keys: &[
            ("name", "text", "needed", "Unique in the parent segment."),
            (
                "renamed_from",
                "text",
                "",
                "The name that it had: what is live under that one is renamed, not made anew; see RENAMING.",
            ),
            ("description", "text", "stays", "For people."),
            ("trigger_event", "event", "", "The key event that starts it; needed for a launch."),
            ("where", "criteria", "all events", "Which of its events count, on columns; see CRITERIA."),
            ("filter", "mapping or list", "all events", "The same as for key events."),
            ("criteria", "criteria", "everyone", "Which profiles, on attributes."),
            ("entry_name", "text", "stays", "Name of the entry criteria."),
            (
                "accept_unknown_profiles",
                "true or false",
                "stays",
                "Whether profiles without batch data enter.",
            ),
            (
                "reentry",
                "word",
                "`until_goal`",
                "`never`, `until_goal` or `always`: whether a profile can enter again.",
            ),
            ("goal", "event or mapping", "stays", "What ends it as a success; null for none."),
            ("exit", "list", "stays", "What leads out of it: mappings as for a goal, or `{after: 30d}`."),
            ("milestone", "event or mapping", "stays", "What leads on to the next stage."),
            ("steps", "list", "stays", "What happens, in order."),
            ("stages", "list", "one stage", "1 to 8 stages, in place of the keys of one."),
            ("state", "word", "stays", "`draft` or `launched`."),
            ("paused", "true or false", "stays", "Whether a launched one is paused."),
        ],
    },
    Mapping {
        path: "journeys.stages",
        about: "",
        keys: &[
            ("name", "text", "needed", "Unique in the journey."),
            ("description", "text", "stays", "For people."),
            ("trigger_event", "event", "", "The key event with which a profile comes into it."),
            ("where", "criteria", "all events", "Which of its events count, on columns; see CRITERIA."),
            ("filter", "mapping or list", "all events", "The same as for key events."),
            ("criteria", "criteria", "everyone", "Which profiles, on attributes."),
            ("entry_name", "text", "stays", "Name of the entry criteria."),
            (
                "accept_unknown_profiles",
                "true or false",
                "stays",
                "Whether profiles without batch data enter.",
            ),
            ("exit", "list", "stays", "What leads out of the journey."),
            ("milestone", "event or mapping", "stays", "What leads on to the next stage."),
            ("steps", "list", "stays", "What happens, in order."),
        ],
    },
    Mapping {
        path: "journeys.goal",
        about: "A goal, an exit or a milestone: the name of a key event, or a mapping.",
        keys: &[
            ("event", "event", "", "The key event."),
            ("where", "criteria", "all events", "Which of its events count, on columns; see CRITERIA."),
            ("filter", "mapping or list", "all events", "The same as for key events."),
            ("criteria", "criteria", "everyone", "Which profiles, on attributes."),
            ("name", "text", "stays", "Its name."),
            ("description", "text", "stays", "For people."),
            (
                "accept_unknown_profiles",
                "true or false",
                "stays",
                "Whether profiles without batch data count.",
            ),
            ("jump", "mapping", "none", "Goals and exits: where it goes on."),
            ("after", "window", "", "Exits: so long after it came into the stage; stands alone."),
        ],
    },
    Mapping {
        path: "journeys.steps",
        about: "A step does one thing; the word `end` is a step too. What stands behind `decide` or `ab_test` is where all branches come together that do not end.",
        keys: &[
            ("wait", "window", "", "Waits, such as `1h` or `3d`."),
            ("activate", "word", "", "`webhook` sends a request, `connection` what another connector takes."),
            ("decide", "list", "", "Branches by attributes, tried in order."),
            ("ab_test", "list", "", "Branches by chance; a profile always takes the same."),
            ("jump", "mapping", "", "Goes on elsewhere."),
            ("end", "true", "", "Ends the way."),
            (
                "name",
                "text",
                "made up",
                "Of an activation: unique in the journey, and how it is found again.",
            ),
            ("description", "text", "stays", "For people."),
            ("url", "URL", "needed", "Webhook: where to; may have `{{placeholders}}`."),
            ("method", "word", "`post`", "Webhook: post, put, patch, get or delete."),
            ("headers", "mapping", "none", "Webhook: names and values, 32 at most."),
            (
                "body",
                "JSON",
                "none",
                "Webhook: texts in it may have `{{placeholders}}`, filled in as text; 250 KB at most.",
            ),
            ("retries", "number", "3", "Webhook: how often it is tried again."),
            ("timeout", "seconds", "`30s`", "Webhook: until there must be an answer."),
            ("connect_timeout", "seconds", "`30s`", "Webhook: until there must be a connection."),
            ("read_timeout", "seconds", "`30s`", "The same as `timeout`."),
            ("write_timeout", "seconds", "`30s`", "Webhook: until the request must be written."),
            (
                "connection",
                "id or name",
                "one for the host",
                "Connection or authentication that it goes through.",
            ),
            ("connector_type", "word", "needed", "Connection: its type, such as `salesforce_mc_out`."),
            (
                "api_key_env",
                "variable",
                "none",
                "Webhook: holds the destination's key, for an authentication that is made; its name begins with `TDX_RT_HOOK_`, or `--allow-env` allows it.",
            ),
            ("parameters", "mapping", "none", "Connection: what the connector takes."),
            ("advanced", "mapping", "none", "Retries and the like that have no key here."),
            ("more", "mapping", "none", "Webhook: fields of a request that have no key here."),
        ],
    },
    Mapping {
        path: "journeys.steps.decide",
        about: "",
        keys: &[
            ("name", "text", "needed", "Unique in the step."),
            ("description", "text", "stays", "For people."),
            ("when", "criteria", "", "Which profiles take it, on attributes."),
            ("otherwise", "true", "", "In place of `when`: all others; the last branch."),
            ("steps", "list", "none", "What happens then."),
        ],
    },
    Mapping {
        path: "journeys.steps.ab_test",
        about: "",
        keys: &[
            ("name", "text", "needed", "Unique in the step."),
            ("share", "percent", "needed", "All shares sum to 100."),
            ("control", "true or false", "false", "Whether it is the control group."),
            ("steps", "list", "none", "What happens then."),
        ],
    },
    Mapping {
        path: "journeys.steps.jump",
        about: "",
        keys: &[
            ("journey", "journey", "this one", "Where it goes on."),
            ("stage", "stage", "the first", "Which stage of it."),
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::MAPPINGS;
    use crate::plan::known_keys;
    use std::collections::BTreeSet;

    #[test]
    fn the_page_has_the_keys_that_are_read() {
        assert_eq!(MAPPINGS.len(), known_keys().len());
        for (mapping, read) in known_keys() {
            let page = MAPPINGS.iter().find(|page| page.path == mapping).expect(mapping);
            let said: BTreeSet<&str> = page.keys.iter().map(|key| key.0).collect();
            assert_eq!(said, read.iter().copied().collect(), "{mapping}");
        }
    }
}
