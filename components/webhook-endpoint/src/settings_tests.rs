use super::*;

const NEEDED: [(&str, &str); 3] = [
    ("WHATSAPP_VERIFY_TOKEN", "token"),
    ("WHATSAPP_APP_SECRET", "secret"),
    ("WHATSAPP_SINK_URL", "https://example.com/events?key=hidden"),
];

/// The settings that are needed, with these in addition or instead.
fn read(more: &[(&str, &str)]) -> Result<Settings, String> {
    let environment: Vec<_> = more
        .iter()
        .chain(&NEEDED)
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    Settings::read(&environment)
}

#[test]
fn three_settings_are_enough() {
    let settings = read(&[]).expect("are complete");
    let expected = Settings {
        verify_token: "token".to_owned(),
        app_secrets: vec!["secret".to_owned()],
        sink: Address::read(NEEDED[2].1).expect("is an address"),
        authorization: None,
        path: None,
        batch: false,
        parallel: 1,
        time_limit: 20,
    };
    assert_eq!(settings, expected);
}

#[test]
fn every_setting_is_read() {
    let settings = read(&[
        ("WHATSAPP_APP_SECRET", " new , ,old,"),
        ("WHATSAPP_SINK_AUTHORIZATION", "Bearer abc"),
        ("WHATSAPP_WEBHOOK_PATH", "/webhook"),
        ("WHATSAPP_SINK_BATCH", "1"),
        ("WHATSAPP_SINK_PARALLEL", "32"),
        ("WHATSAPP_TIME_LIMIT_SECONDS", "600"),
    ])
    .expect("are right");
    assert_eq!(settings.app_secrets, ["new", "old"]);
    assert_eq!(settings.authorization.as_deref(), Some("Bearer abc"));
    assert_eq!(settings.path.as_deref(), Some("/webhook"));
    assert!(settings.batch);
    assert_eq!((settings.parallel, settings.time_limit), (32, 600));
}

#[test]
fn everything_that_is_missing_is_named_at_once() {
    let problem = Settings::read(&[]).expect_err("nothing is set");
    for (name, _) in NEEDED {
        assert!(problem.contains(name), "{problem}");
    }
}

#[test]
fn an_empty_value_is_a_missing_one() {
    for (name, _) in NEEDED {
        let problem = read(&[(name, " ")]).expect_err(name);
        assert!(problem.contains(&format!("{name} is missing")), "{problem}");
    }
    assert!(read(&[("WHATSAPP_APP_SECRET", ", ,")]).is_err());
}

#[test]
fn wrong_values_are_named_and_secrets_are_not_repeated() {
    for (name, value) in [
        ("WHATSAPP_SINK_URL", "hidden.example.com"),
        ("WHATSAPP_SINK_AUTHORIZATION", "Bearer hidden\r\nX-Other: 1"),
        ("WHATSAPP_WEBHOOK_PATH", "webhook"),
        ("WHATSAPP_WEBHOOK_PATH", "/webhook?a=b"),
        ("WHATSAPP_SINK_BATCH", "yes"),
        ("WHATSAPP_SINK_PARALLEL", "0"),
        ("WHATSAPP_SINK_PARALLEL", "33"),
        ("WHATSAPP_SINK_PARALLEL", "many"),
        ("WHATSAPP_TIME_LIMIT_SECONDS", "601"),
        ("WHATSAPP_TIME_LIMIT_SECONDS", "-1"),
    ] {
        let problem = read(&[(name, value)]).expect_err(value);
        assert!(problem.contains(name), "{problem}");
        assert!(!problem.contains("hidden"), "{problem}");
    }
}
