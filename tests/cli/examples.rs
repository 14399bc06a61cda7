//! The scripts of `examples/`, as a reader runs them; the quickstart is in `shell`.

use crate::common::{Platform, Tdx};
use serde_json::json;
use std::path::Path;

#[test]
fn a_script_is_tested_with_faults_requests_snapshots_and_the_clock() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/sandbox-test.sh");
    let output = Tdx::new(&["sandbox", "--", script]).run();
    assert_eq!(
        (output.code, output.stdout.as_str()),
        (0, "{\"today\":2,\"tomorrow\":0,\"people\":0}\n"),
        "{output:?}"
    );
}

/// Runs a script of `examples/` against a fresh sandbox.
fn example(name: &str, arguments: &[&str], variables: &[(&str, &str)]) -> crate::common::Output {
    let script = format!("{}/examples/{name}", env!("CARGO_MANIFEST_DIR"));
    let mut all = vec!["sandbox", "--settle", "1reads", "--", "sh", &script];
    all.extend(arguments);
    let tdx = variables.iter().fold(Tdx::new(&all), |tdx, (name, value)| tdx.env(name, value));
    tdx.run()
}

#[track_caller]
fn prints(name: &str, arguments: &[&str], expected: &str) {
    let output = example(name, arguments, &[]);
    assert_eq!((output.code, output.stdout.as_str()), (0, expected), "{output:?}");
}

#[test]
fn web_personalization_with_a_plan_and_a_file_of_visits() {
    let visits = [
        "\"w1\",\"Default\",\"p1\"",
        "\"w1\",\"Default\",\"p2\"",
        "\"w2\",\"VIP Customers\",\"p9\"",
        "\"w1\",\"Default\",\"p3\"",
    ];
    prints("web.sh", &[], &format!("{}\n", visits.join("\n")));
}

#[test]
fn cart_personalization_knows_the_whole_cart() {
    prints("cart.sh", &[], "{\"cart_items_list\":[\"p3\",\"p2\",\"p1\"],\"cart_value\":74.5}\n");
}

#[test]
fn profile_personalization_knows_who_logs_in() {
    prints(
        "profile.sh",
        &[],
        "{\"unknown\":{\"section\":\"Default\",\"logins\":1,\"tier\":null},\"vip\":{\"section\":\"VIP Customers\",\"logins\":1,\"tier\":\"VIP\"}}\n",
    );
}

#[test]
fn content_personalization_adds_up_what_was_watched() {
    prints(
        "content.sh",
        &[],
        "{\"favorite_categories\":[\"food\",\"travel\"],\"viewed_content_list\":[\"a2\",\"a1\"],\"watch_time_24h\":165}\n",
    );
}

#[test]
fn webhooks_of_three_journeys_arrive() {
    let arrived = [
        r#"["welcome",{"email":"ada@example.com","name":"Ada","plan":"free"}]"#,
        r#"["high-value-purchase",{"customer":"c-1001","order":"o-1","amount":"900","tier":"VIP"}]"#,
        r#"["abandoned-cart",{"visitor":"bea","cart":"cart-bea","value":"80"}]"#,
    ];
    prints("triggers.sh", &[], &format!("{}\n", arrived.join("\n")));
}

#[test]
fn continuous_integration_checks_deploys_and_has_nothing_to_do_the_second_time() {
    let plan = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/web-personalization.yaml");
    let variables =
        [("PLAN", plan), ("EVENT", "{\"product_id\":\"p1\"}"), ("EXPECT", ".offers | has(\"Default\")")];
    let output = example("ci.sh", &["rehearse"], &variables);
    assert_eq!(output.code, 0, "{output:?}");
    let deployed = "{\"deployed\":true,\"changes\":0,\"no_longer_named\":[]}\n";
    let (review, rest) = output.stdout.split_once("~~~~\n").unwrap();
    assert!(review.starts_with(&format!("### `{plan}`\n\n~~~~diff\n--- live\n+++ {plan}\n@@")), "{review}");
    assert_eq!(rest, format!("{deployed}{deployed}"));
}

/// Deploys to a platform with `ci.sh`, from a new machine that has the folder of the plan.
fn deploy(platform: &Platform, folder: &Path, variables: &[(&str, &str)]) -> std::process::Output {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/ci.sh");
    let binary = Path::new(env!("CARGO_BIN_EXE_tdx-rt")).parent().unwrap();
    let home = tempfile::tempdir().unwrap();
    std::process::Command::new("sh")
        .args([script, "deploy"])
        .current_dir(folder)
        .env_clear()
        .env("HOME", home.path())
        .env("PLAN", concat!(env!("CARGO_MANIFEST_DIR"), "/examples/web-personalization.yaml"))
        .env("PATH", format!("{}:{}", binary.display(), std::env::var("PATH").unwrap()))
        .envs([("TDX_RT_ENDPOINT", platform.url.as_str()), ("TDX_API_KEY", platform.api_key.as_str())])
        .envs(variables.iter().copied())
        .output()
        .unwrap()
}

/// As the guide has it: each run on a new machine, with the file of ownership kept from run to run, and the token
/// as a secret once there is one.
#[test]
fn what_is_taken_out_of_a_plan_is_named_and_pruned_when_that_is_wanted() {
    let platform = Platform::start();
    let folder = tempfile::tempdir().unwrap();
    let plan = include_str!("../../examples/web-personalization.yaml");
    let file = folder.path().join("plan.yaml");
    let run = |more: &[(&str, &str)]| -> serde_json::Value {
        let variables = [&[("PLAN", "plan.yaml"), ("OWNERSHIP", "ownership.json")][..], more].concat();
        let output = deploy(&platform, folder.path(), &variables);
        assert!(output.status.success(), "{output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    };
    std::fs::write(&file, plan).unwrap();
    assert_eq!(run(&[])["no_longer_named"], json!([]));
    let new_token = ["pz-create", "-f", file.to_str().unwrap(), "--new-token", "--jq", ".service.token"];
    let token = platform.tdx(&new_token).run().stdout;
    let run = |more: &[(&str, &str)]| run(&[&[("TDX_RT_TOKEN", token.trim())][..], more].concat());
    let fewer = plan.replace("        - vip_discount_percentage\n", "");
    assert_ne!(fewer, plan);
    std::fs::write(&file, fewer).unwrap();
    let output = "personalization_services.web_personalization.sections.\"VIP Customers\".attributes.vip_discount_percentage";
    assert_eq!(run(&[])["no_longer_named"][0]["path"], output);
    assert_eq!(run(&[("PRUNE", "1")])["no_longer_named"], json!([]));
    // A lost file deletes nothing, and says that nothing is known.
    std::fs::remove_file(folder.path().join("ownership.json")).unwrap();
    assert_eq!(run(&[("PRUNE", "1")])["no_longer_named"], json!(null));
}

#[test]
fn a_deployment_whose_test_fails_is_taken_back() {
    let platform = Platform::start();
    let before = platform.tdx(&["export", "394649"]).run().document();
    let folder = tempfile::tempdir().unwrap();
    let output = deploy(&platform, folder.path(), &[("EXPECT", ".offers | has(\"Nobody\")")]);
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(1), &b""[..]), "{output:?}");
    let mut after = platform.tdx(&["export", "394649"]).run().document();
    // The one thing that the platform cannot take back.
    let found = after["id_stitching"].as_object_mut().unwrap().shift_remove("ext_lookup_key");
    assert_eq!((after, found), (before, Some(json!("customer_id"))));
}

#[test]
fn the_plans_of_the_pages_are_right() {
    let platform = Platform::start();
    for page in ["docs/plans.md", "README.md"] {
        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).unwrap();
        for block in text.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next()) {
            let checked = Tdx::new(&["validate", "-"]).stdin(block).run().document();
            assert_eq!(checked["findings"], json!([]), "{page}: {block}");
            let live = platform.tdx(&["diff", "-"]).stdin(block).run().document();
            assert_eq!(live["changed"], true, "{page}");
        }
    }
    for name in ["web-personalization.yaml", "triggers.yaml"] {
        let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
        let checked = Tdx::new(&["validate", example.to_str().unwrap()]).run().document();
        assert_eq!(checked["findings"], json!([]), "{name}");
    }
}
