//! Whole texts before and after.

use super::*;

fn fixed(text: &str) -> (String, Vec<String>) {
    let fixed = fix(text, "plan.yaml");
    (fixed.text, fixed.changes.into_iter().map(|change| change.change).collect())
}

#[test]
fn a_key_is_renamed_in_its_own_style() {
    for (text, wanted) in [
        ("evnets: [] # all\n", "events: [] # all\n"),
        ("{\"evnets\": []}", "{\"events\": []}"),
        ("\u{feff}'evnets': []\r\n", "\u{feff}'events': []\r\n"),
        (
            "events:\n  - {name: a, table: ddd.ttt, descripton: é}\n",
            "events:\n  - {name: a, table: ddd.ttt, description: é}\n",
        ),
    ] {
        let (text, changes) = fixed(text);
        assert_eq!((text.as_str(), changes.len()), (wanted, 1));
    }
    for kept in ["evnets: []\nevents: []\n", "evts: []\n", "odd: 1\n", "a: [\n"] {
        assert_eq!(fixed(kept), (kept.to_owned(), vec![]), "{kept}");
    }
}

#[test]
fn an_identifier_stands_behind_its_name() {
    for (text, wanted) in [
        (
            "attributes:\n  - name: Page Views   # as in the console\n    type: imported\n",
            "attributes:\n  - name: Page Views   # as in the console\n    identifier: page_views\n    type: imported\n",
        ),
        (
            "attributes: [{name: A b, type: imported}]",
            "attributes: [{name: A b, identifier: a_b, type: imported}]",
        ),
        (
            "{\"attributes\": [\n  {\n    \"name\": \"1 2\",\n    \"type\": \"imported\"\n  }\n]}\n",
            "{\"attributes\": [\n  {\n    \"name\": \"1 2\",\n    \"identifier\": \"1_2\",\n    \"type\": \"imported\"\n  }\n]}\n",
        ),
        (
            "attributes:\n- type: imported\n  name: 'T F'",
            "attributes:\n- type: imported\n  name: 'T F'\n  identifier: t_f",
        ),
        (
            "attributes:\r\n- name: a b\r\n  type: imported\r\n- name: a-b\r\n  type: imported\r\n",
            "attributes:\r\n- name: a b\r\n  identifier: a_b\r\n  type: imported\r\n- name: a-b\r\n  identifier: a_b_2\r\n  type: imported\r\n",
        ),
    ] {
        assert_eq!(fixed(text).0, wanted);
        assert_eq!(fixed(wanted), (wanted.to_owned(), vec![]), "mended for good");
    }
}

#[test]
fn what_an_anchor_repeats_is_left_alone() {
    let text = "x-base: &base {name: A b, type: imported}\nattributes:\n  - *base\n";
    assert_eq!(fixed(text), (text.to_owned(), vec![]));
    let text = "attributes:\n  - &one {name: A b, type: imported}\nx-again: *one\n";
    assert_eq!(fixed(text), (text.to_owned(), vec![]));
}

#[test]
fn each_document_of_a_stream_is_mended_where_it_stands() {
    let text = "evnets: [] # one\n---\nservice_name: home\ndescripton: x\nsections: []\n---\nattributes:\n- {name: A b, type: imported}\n";
    let wanted = text
        .replace("evnets", "events")
        .replace("descripton", "description")
        .replace("A b,", "A b, identifier: a_b,");
    assert_eq!(
        fixed(text),
        (
            wanted,
            vec![
                "'evnets' renamed to 'events'".to_owned(),
                "'descripton' renamed to 'description'".to_owned(),
                "identifier: a_b added".to_owned(),
            ]
        )
    );
}
