//! A run that writes nothing leaves no journal, and nothing to undo.

use super::{Document, configured, run, undo};
use crate::cli::Written;
use crate::cli::plans::{SOURCE, Shell, plan_with_spares};

const REPEATED: [&[&str]; 8] = [
    &["rt-events", "--event", "page_view=web_events.pageviews"],
    &["rt-keys", "--key", "canonical_id"],
    &["rt-attrs", "--single", "last=page_view.product_id"],
    &["rt-attrs", "--import", "city"],
    &["pz-create", "--name", "web", "--trigger", "page_view", "--section", "VIP", "--attribute", "last"],
    &["journey-create", "pause", "held"],
    &["journey-create", "resume", "welcome"],
    &["journey-create", "launch", "welcome"],
];

#[track_caller]
fn left_nothing(shell: &Shell, what: &[&str]) {
    assert!(shell.journals().is_empty(), "{what:?}: {:?}", shell.journals());
    assert_eq!(shell.platform.writes(), Vec::<String>::new(), "{what:?}");
}

#[test]
fn what_is_as_it_should_be_leaves_no_journal() {
    let shell = configured();
    for command in REPEATED {
        run(&shell, command);
        left_nothing(&shell, command);
    }
    let plan = plan_with_spares();
    for step in ["rt-events", "rt-keys", "rt-attrs", "pz-create", "journey-create", "apply"] {
        shell.run(&[step, "--interval", "5ms"], &plan);
        left_nothing(&shell, &[step]);
    }
}

#[test]
fn a_look_and_a_refused_command_leave_no_journal() {
    let shell = configured();
    let plan = Written::new("plan.json", &plan_with_spares().to_string());
    let write = [
        &["rt-events", "--event", "new=web_events.logins"][..],
        &["rt-attrs", "delete", "spare"],
        &["pz-create", "delete", "web", "--service"],
        &["journey-create", "pause", "welcome"],
        &["journey-create", "launch", "draft"],
    ];
    for command in write {
        for look in ["--dry-run", "--curl"] {
            let all = [command, &["--ps", SOURCE, look]].concat();
            assert_eq!(shell.tdx(&all).run().code, 0, "{all:?}");
            left_nothing(&shell, &all);
        }
    }
    for (command, exit_code) in [
        (&["rt-attrs", "delete", "nothing", "--ps", SOURCE][..], 3),
        (&["rt-events", "--ps", SOURCE, "--event", "new=web_events.nowhere"], 3),
        (&["journey-create", "pause", "draft", "--ps", SOURCE], 6),
        (&["apply", plan.path(), "--prune-item", "attributes.country"], 2),
    ] {
        let output = shell.tdx(command).run();
        assert_eq!(output.code, exit_code, "{command:?}: {output:?}");
        left_nothing(&shell, command);
    }
}

/// Test events are no configuration.
#[test]
fn test_events_leave_no_journal() {
    let shell = configured();
    let send = ["--ps", SOURCE, "--key", "td_client_id=u1", "--field", "product_id=p1", "--interval", "5ms"];
    let pz = ["pz-test", "--personalization", "web", "--trigger", "page_view"];
    for command in [&pz[..], &["journey-test", "welcome"]] {
        let output = shell.tdx(&[command, &send].concat()).run();
        assert!(matches!(output.code, 0 | 1), "{command:?}: {output:?}");
        assert!(shell.journals().is_empty(), "{command:?}: {:?}", shell.journals());
    }
}

#[test]
fn what_writes_nothing_is_not_what_an_undo_takes_back() {
    let shell = configured();
    run(&shell, &["rt-events", "--event", "added=web_events.cart_view"]);
    for command in REPEATED {
        run(&shell, command);
    }
    let document: Document = undo(&shell, &[]).decode();
    assert_eq!(document.words(), ["rt-events"]);
    assert!(document.undone.iter().any(|item| item.name == "added"), "{:?}", document.undone);
    // An undo with nothing to do has no journal of its own.
    let journals = shell.journals().len();
    let again: Document = undo(&shell, &[&document.journal]).decode();
    assert_eq!((again.own_journal, shell.journals().len()), (None, journals));
}
