//! Bodies of requests, and templates of other tools.

use super::super::Advice;
use super::offline;

pub(super) const ADVICE: [Advice; 15] = [
    offline(
        "bad-body",
        "a request's body has a value that the platform's type does not take, such as a number for an id",
        "write what the message asks for; ids are strings",
        r#"{"attributes": {"audienceId": "1", "name": "home", "description": null, "sections": [{"name": "all",
  "entryCriteria": {"name": "view", "keyEventCriteria": {"keyEventId": "9"}},
  "payload": {"0123456789abcdef0123456789abcdef": {"type": "ResponseNode", "name": "r",
    "definition": {"attributePayload": [{"realtimeAttributeId": 7, "outputName": "a"}]}}}}]},
 "relationships": {"parentFolder": {"data": {"id": "3", "type": "folder-segment"}}}}"#,
        r#"{"attributes": {"audienceId": "1", "name": "home", "description": null, "sections": [{"name": "all",
  "entryCriteria": {"name": "view", "keyEventCriteria": {"keyEventId": "9"}},
  "payload": {"0123456789abcdef0123456789abcdef": {"type": "ResponseNode", "name": "r",
    "definition": {"attributePayload": [{"realtimeAttributeId": "7", "outputName": "a"}]}}}}]},
 "relationships": {"parentFolder": {"data": {"id": "3", "type": "folder-segment"}}}}"#,
    ),
    offline(
        "bad-payload",
        "a payload breaks a rule of the platform that its types do not show",
        "write what the message asks for",
        r#"{"attributes": {"audienceId": "1", "name": "home", "description": null, "sections": [{"name": "all",
  "entryCriteria": {"name": "view", "keyEventCriteria": {"keyEventId": "9"}},
  "payload": {"0123456789abcdef0123456789abcdef": {"type": "ResponseNode", "name": "r",
    "definition": {"stringBuilder": [{"outputName": "t", "values": [{"value": "x", "type": "Text"}]}]}}}}]},
 "relationships": {"parentFolder": {"data": {"id": "3", "type": "folder-segment"}}}}"#,
        r#"{"attributes": {"audienceId": "1", "name": "home", "description": null, "sections": [{"name": "all",
  "entryCriteria": {"name": "view", "keyEventCriteria": {"keyEventId": "9"}},
  "payload": {"0123456789abcdef0123456789abcdef": {"type": "ResponseNode", "name": "r",
    "definition": {"stringBuilder": [{"outputName": "t", "values": [{"value": "x", "type": "String"}]}]}}}}]},
 "relationships": {"parentFolder": {"data": {"id": "3", "type": "folder-segment"}}}}"#,
    ),
    offline(
        "empty-array",
        "in a payload the platform refuses [] where there is nothing; it wants null",
        "write null; `validate --fix` does",
        r#"{"attributes": {"audienceId": "1", "name": "home", "description": null, "sections": [{"name": "all",
  "entryCriteria": {"name": "view", "keyEventCriteria": {"keyEventId": "9"}},
  "payload": {"0123456789abcdef0123456789abcdef": {"type": "ResponseNode", "name": "r",
    "definition": {"stringBuilder": [],
      "attributePayload": [{"realtimeAttributeId": "7", "outputName": "a"}]}}}}]},
 "relationships": {"parentFolder": {"data": {"id": "3", "type": "folder-segment"}}}}"#,
        r#"{"attributes": {"audienceId": "1", "name": "home", "description": null, "sections": [{"name": "all",
  "entryCriteria": {"name": "view", "keyEventCriteria": {"keyEventId": "9"}},
  "payload": {"0123456789abcdef0123456789abcdef": {"type": "ResponseNode", "name": "r",
    "definition": {"stringBuilder": null,
      "attributePayload": [{"realtimeAttributeId": "7", "outputName": "a"}]}}}}]},
 "relationships": {"parentFolder": {"data": {"id": "3", "type": "folder-segment"}}}}"#,
    ),
    offline(
        "missing-folder",
        "a personalization entity is made in a folder of the parent segment, and the body names none",
        "name it in relationships.parentFolder; a plan needs none, `tdx-rt pz-create` finds it",
        r#"{"attributes": {"audienceId": "1", "name": "home", "description": null, "sections": [{"name": "all",
  "entryCriteria": {"name": "view", "keyEventCriteria": {"keyEventId": "9"}},
  "payload": {"0123456789abcdef0123456789abcdef": {"type": "ResponseNode", "name": "r",
    "definition": {"attributePayload": [{"realtimeAttributeId": "7", "outputName": "a"}]}}}}]}}"#,
        r#"{"attributes": {"audienceId": "1", "name": "home", "description": null, "sections": [{"name": "all",
  "entryCriteria": {"name": "view", "keyEventCriteria": {"keyEventId": "9"}},
  "payload": {"0123456789abcdef0123456789abcdef": {"type": "ResponseNode", "name": "r",
    "definition": {"attributePayload": [{"realtimeAttributeId": "7", "outputName": "a"}]}}}}]},
 "relationships": {"parentFolder": {"data": {"id": "3", "type": "folder-segment"}}}}"#,
    ),
    offline(
        "missing-identifier",
        "without an identifier it is made from the name, and this name cannot be one; criteria and responses would use another word than the plan",
        "add the identifier; `validate --fix` does",
        "attributes: [{name: Page Views, type: imported}]\n",
        "attributes: [{name: Page Views, identifier: page_views, type: imported}]\n",
    ),
    offline(
        "no-aggregation",
        "a list attribute answers its aggregations; without one it can stand in no section and no criteria",
        "add one, such as distinct_list over the column",
        "events: [{name: view, table: web.pages}]
attributes: [{name: seen, type: list, source_event: view, id_field: page, aggregations: []}]
",
        "events: [{name: view, table: web.pages}]
attributes:
  - name: seen
    type: list
    source_event: view
    id_field: page
    aggregations: [{name: items, column: page, aggregation: distinct_list}]
",
    ),
    offline(
        "no-counterpart",
        "an older template uses an operator that the platform's rules do not have",
        "express it differently: `within_days` as a counter with a window, for example",
        "service_name: home
trigger_event: view
sections:
  - {name: a, criteria: {attribute: visits, operator: within_days, value: 3}, outputs: [{attribute: x}]}
",
        "service_name: home
trigger_event: view
sections:
  - {name: a, criteria: {attribute: visits, operator: greater_than, value: 3}, outputs: [{attribute: x}]}
",
    ),
    offline(
        "node-id",
        "the key of a payload node is its id, and the platform takes 32 lower-case hex digits only",
        "take 32 hex digits; `validate --fix` makes some",
        r#"{"attributes": {"audienceId": "1", "name": "home", "description": null, "sections": [{"name": "all",
  "entryCriteria": {"name": "view", "keyEventCriteria": {"keyEventId": "9"}},
  "payload": {"response_node": {"type": "ResponseNode", "name": "r",
    "definition": {"attributePayload": [{"realtimeAttributeId": "7", "outputName": "a"}]}}}}]},
 "relationships": {"parentFolder": {"data": {"id": "3", "type": "folder-segment"}}}}"#,
        r#"{"attributes": {"audienceId": "1", "name": "home", "description": null, "sections": [{"name": "all",
  "entryCriteria": {"name": "view", "keyEventCriteria": {"keyEventId": "9"}},
  "payload": {"0123456789abcdef0123456789abcdef": {"type": "ResponseNode", "name": "r",
    "definition": {"attributePayload": [{"realtimeAttributeId": "7", "outputName": "a"}]}}}}]},
 "relationships": {"parentFolder": {"data": {"id": "3", "type": "folder-segment"}}}}"#,
    ),
    offline(
        "node-type",
        "the platform has one type of payload node, ResponseNode",
        "write \"type\": \"ResponseNode\"",
        r#"{"attributes": {"audienceId": "1", "name": "home", "description": null, "sections": [{"name": "all",
  "entryCriteria": {"name": "view", "keyEventCriteria": {"keyEventId": "9"}},
  "payload": {"0123456789abcdef0123456789abcdef": {"type": "Response", "name": "r",
    "definition": {"attributePayload": [{"realtimeAttributeId": "7", "outputName": "a"}]}}}}]},
 "relationships": {"parentFolder": {"data": {"id": "3", "type": "folder-segment"}}}}"#,
        r#"{"attributes": {"audienceId": "1", "name": "home", "description": null, "sections": [{"name": "all",
  "entryCriteria": {"name": "view", "keyEventCriteria": {"keyEventId": "9"}},
  "payload": {"0123456789abcdef0123456789abcdef": {"type": "ResponseNode", "name": "r",
    "definition": {"attributePayload": [{"realtimeAttributeId": "7", "outputName": "a"}]}}}}]},
 "relationships": {"parentFolder": {"data": {"id": "3", "type": "folder-segment"}}}}"#,
    ),
    offline(
        "partial-setting",
        "a PATCH of the real-time setting replaces the whole of its lists: what the body leaves out is removed",
        "say all four parts, or use a plan: the steps add to what is live",
        r#"{"eventTables": [], "keyColumns": [], "batchAttributes": []}"#,
        r#"{"eventTables": [], "keyColumns": [], "batchAttributes": [], "extLookupKey": null}"#,
    ),
    offline(
        "placeholder",
        "a template's placeholder still stands where a value should",
        "put the value in its place",
        "parent_segment_id: '<ps_id>'\n",
        "parent_segment_id: '394649'\n",
    ),
    offline(
        "trigger-assumed",
        "the template does not say which event it answers to; the plan's only event is taken",
        "say it: trigger_event: NAME",
        "events: [{name: view, table: web.pages}]
service_name: home
sections: [{name: all, outputs: [{attribute: tier}]}]
",
        "events: [{name: view, table: web.pages}]
trigger_event: view
service_name: home
sections: [{name: all, outputs: [{attribute: tier}]}]
",
    ),
    offline(
        "unkept-column",
        "a list keeps only the columns in its fields; an aggregation over another one has no values",
        "add the column to fields",
        r#"{"name": "seen", "identifier": "seen", "type": "list", "realtimeKeyEventId": "9", "idColumn": "i",
 "fields": ["q"],
 "aggregations": [{"name": "items", "identifier": "items", "column": "p", "aggregationType": "distinct_list"}]}"#,
        r#"{"name": "seen", "identifier": "seen", "type": "list", "realtimeKeyEventId": "9", "idColumn": "i",
 "fields": ["p"],
 "aggregations": [{"name": "items", "identifier": "items", "column": "p", "aggregationType": "distinct_list"}]}"#,
    ),
    offline(
        "unknown-operator",
        "a template's condition has an operator that no template has",
        "take the one that the fix names",
        "service_name: home
trigger_event: view
sections:
  - {name: a, criteria: {attribute: visits, operator: equal, value: 3}, outputs: [{attribute: x}]}
",
        "service_name: home
trigger_event: view
sections:
  - {name: a, criteria: {attribute: visits, operator: equals, value: 3}, outputs: [{attribute: x}]}
",
    ),
    offline(
        "unknown-rule",
        "a rule in the platform's own form is of a kind that is not documented; it is kept word for word",
        "take And, Or, Column or RealtimeAttribute, or write it as text: where, criteria",
        r#"{"name": "view", "databaseName": "web", "tableName": "pages", "filterRule": {"type": "Any", "conditions": []}}"#,
        r#"{"name": "view", "databaseName": "web", "tableName": "pages", "filterRule": {"type": "And", "conditions": []}}"#,
    ),
];
