use super::*;
use std::fs;

struct Home(tempfile::TempDir);

impl Home {
    fn new(files: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        Home(dir)
    }

    fn resolve(&self, flags: &Flags, variables: &[(&str, &str)]) -> Result<Settings, Error> {
        let home = self.0.path().join("home").display().to_string();
        let mut all = vec![("HOME", home.as_str())];
        all.extend_from_slice(variables);
        Settings::resolve(flags, &Environment::of(&all, Some(self.0.path().join("work/deep"))))
    }
}

const GLOBAL: &str = r#"{"site": "eu01", "profiles": {"prod": {"site": "ap02", "database": "p"}}}"#;

#[test]
fn precedence_is_flag_environment_project_profile_global_default() {
    let bare = Home::new(&[("work/deep/x", "")]);
    assert_eq!(bare.resolve(&Flags::default(), &[]).unwrap().site.value, Site::Us01);

    let home = Home::new(&[("home/.config/tdx/tdx.json", GLOBAL), ("work/deep/x", "")]);
    assert_eq!(home.resolve(&Flags::default(), &[]).unwrap().site.value, Site::Eu01);
    let profile = home.resolve(&Flags::default(), &[("TDX_PROFILE", "prod")]).unwrap();
    assert_eq!(profile.site.value, Site::Ap02);
    assert!(profile.site.origin.to_string().starts_with("profile 'prod' of "));

    let project = Home::new(&[
        ("home/.config/tdx/tdx.json", GLOBAL),
        ("work/tdx.json", r#"{"site": "tokyo", "parent_segment": 42}"#),
        ("work/deep/x", ""),
    ]);
    let settings = project.resolve(&Flags::default(), &[("TDX_PROFILE", "prod")]).unwrap();
    assert_eq!(settings.site.value, Site::Jp01);
    assert_eq!(settings.database.unwrap().value, "p");
    assert_eq!(settings.parent_segment.unwrap().value, "42");
    let env = project.resolve(&Flags::default(), &[("TDX_SITE", "us")]).unwrap();
    assert_eq!(env.site.origin, Origin::Environment("TDX_SITE".into()));
    let flags = Flags { site: Some("ap03".into()), ..Flags::default() };
    assert_eq!(project.resolve(&flags, &[("TDX_SITE", "us")]).unwrap().site.value, Site::Ap03);
}

#[test]
fn keys_come_from_the_environment_before_dotenv_and_are_masked() {
    let key = "7/0123456789abcdef0123456789abcdef01234567";
    let home = Home::new(&[(
        "home/.config/tdx/.env",
        "\u{feff}TDX_API_KEY=9/ffff456789abcdef0123456789abcdef0123ffff\n",
    )]);
    let from_file = home.resolve(&Flags::default(), &[]).unwrap().credential.unwrap();
    assert_eq!(from_file.value.account(), Some("9"));
    let settings = home.resolve(&Flags::default(), &[("TD_API_KEY", key)]).unwrap();
    let credential = settings.credential.as_ref().unwrap();
    assert_eq!(credential.origin, Origin::Environment("TD_API_KEY".into()));
    assert_eq!(serde_json::json!(settings.shown())["credential"]["value"], "7/****4567");
    assert!(!serde_json::json!(settings.shown()).to_string().contains("0123456789"));
    assert!(!format!("{settings:?}").contains("0123456789"));
    let token =
        home.resolve(&Flags::default(), &[("TDX_API_KEY", key), ("TDX_ACCESS_TOKEN", "short")]).unwrap();
    assert_eq!(serde_json::json!(token.shown())["credential"]["value"], "****");
}

#[test]
fn what_is_wrong_is_named_with_its_origin() {
    let home = Home::new(&[("home/.config/tdx/tdx.json", GLOBAL)]);
    let error = |variables: &[(&str, &str)]| home.resolve(&Flags::default(), variables).unwrap_err();
    assert!(error(&[("TDX_SITE", "mars")]).message.contains("environment TDX_SITE"));
    assert!(error(&[("TDX_PROFILE", "x")]).hint.unwrap().ends_with("has the profiles: prod"));
    assert!(error(&[("TDX_RT_ENDPOINT", "http://example.com")]).message.contains("plain http"));
    let broken = Home::new(&[("work/tdx.json", "{"), ("work/deep/x", "")]);
    let tolerated = broken.resolve(&Flags::default(), &[("TDX_RT_ENDPOINT", "http://127.0.0.1:9")]).unwrap();
    assert!(tolerated.warnings.len() == 1 && tolerated.warnings[0].contains("tdx.json"));
    let error = broken.resolve(&Flags::default(), &[]).unwrap_err();
    assert!(error.code == Code::BadSetting && error.message.contains("tdx.json"));
}
