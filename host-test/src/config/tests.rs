use super::*;
use file::parse;

fn load(name: &str, text: &str) -> Result<Config, ConfigError> {
    Config::from_values(parse(Path::new(name), text)?)
}

fn refusal(name: &str, text: &str) -> String {
    load(name, text).map(drop).unwrap_err().to_string()
}

#[test]
fn toml_and_json_say_the_same() {
    let toml = "access_token = \"EAAGtoken\"\napp_secret = \"new, old\"\nverify_token = \"v\"\nphone_number_id = \"1\"\nbase_url = \"http://127.0.0.1:1\"";
    let json = r#"{"access_token":"EAAGtoken","app_secret":"new,old","verify_token":"v","phone_number_id":"1","base_url":"http://127.0.0.1:1"}"#;
    for config in [load("a.toml", toml).unwrap(), load("a.JSON", json).unwrap()] {
        assert_eq!(
            config.credentials.current_access_token().unwrap().expose(),
            "EAAGtoken"
        );
        assert_eq!(
            config.credentials.current_app_secret().unwrap().expose(),
            "new"
        );
        assert_eq!(config.credentials.to_blank().len(), 3);
        assert_eq!(config.credentials.webhook_verification().verify_token, "v");
        let expected = Connection {
            api_version: None,
            base_url: Some("http://127.0.0.1:1".to_owned()),
            phone_number_id: Some("1".to_owned()),
            business_account_id: None,
            app_id: None,
        };
        assert_eq!(config.connection, expected);
    }
}

#[test]
fn a_mistake_names_the_place_and_never_the_value() {
    for (name, text, says) in [
        (
            "a.toml",
            "acess_token = \"EAAGtoken\"",
            "unknown setting `acess_token`; expected one of: `access_token`",
        ),
        (
            "a.json",
            r#"{"acess_token":"EAAGtoken"}"#,
            "unknown setting `acess_token`",
        ),
        (
            "a.toml",
            "phone_number_id = \"1\"\naccess_token = \"EAAGtoken",
            "in line 2",
        ),
        (
            "a.toml",
            "phone_number_id = \"1\"\naccess_token = EAAGtoken",
            "in line 2",
        ),
        ("a.json", "{\"access_token\":\n\"EAAGtoken}", "in line 2"),
        ("a.json", "{\"access_token\":\nEAAGtoken}", "in line 2"),
        ("a.json", "\"EAAGtoken\"", "some other JSON value"),
        (
            "a.toml",
            "phone_number_id = 4711",
            "expected a text in quotes for `phone_number_id`",
        ),
        ("a.toml", "[access_token]\nEAAGtoken = 1", "found a table"),
        (
            "a.toml",
            "access_token = \"EAAG token\"",
            "`access_token` cannot be used",
        ),
        (
            "a.toml",
            "app_secret = \"EAAGtoken,\"",
            "`app_secret` cannot be used",
        ),
    ] {
        let refusal = refusal(name, text);
        assert!(
            refusal.contains(says) && !refusal.contains("EAAG") && !refusal.contains("4711"),
            "{text}: {refusal}"
        );
    }
}

#[test]
fn a_missing_file_is_named() {
    assert!(
        Config::load("no/such/file.toml")
            .unwrap_err()
            .to_string()
            .contains("no/such/file.toml")
    );
}

#[test]
fn a_later_source_goes_before_an_earlier_one() {
    let mut values = parse(
        Path::new("a.toml"),
        "access_token = \"file\"\nphone_number_id = \"file\"",
    )
    .unwrap();
    values.extend(Values(BTreeMap::from([(
        ACCESS_TOKEN,
        ("WHATSAPP_ACCESS_TOKEN".to_owned(), "env".to_owned()),
    )])));
    let config = Config::from_values(values).unwrap();
    assert_eq!(
        config.credentials.current_access_token().unwrap().expose(),
        "env"
    );
    assert_eq!(config.connection.phone_number_id.as_deref(), Some("file"));
}

#[test]
fn each_variable_sets_its_setting_and_an_empty_one_sets_nothing() {
    let values = variables(|name| match name {
        "WHATSAPP_ACCESS_TOKEN" => Ok(" token\n".to_owned()),
        "WHATSAPP_APP_SECRET" => Ok("secret".to_owned()),
        "WHATSAPP_VERIFY_TOKEN" => Ok("verify".to_owned()),
        "WHATSAPP_PHONE_NUMBER_ID" => Ok("phone".to_owned()),
        "WHATSAPP_BUSINESS_ACCOUNT_ID" => Ok("account".to_owned()),
        "WHATSAPP_APP_ID" => Ok("app".to_owned()),
        "WHATSAPP_API_VERSION" => Ok(" ".to_owned()),
        "WHATSAPP_BASE_URL" => Err(VarError::NotPresent),
        other => panic!("{other}"),
    });
    let Config {
        connection,
        credentials,
    } = Config::from_values(values.unwrap()).unwrap();
    assert_eq!(
        credentials.current_access_token().unwrap().expose(),
        "token"
    );
    assert_eq!(credentials.current_app_secret().unwrap().expose(), "secret");
    assert_eq!(credentials.webhook_verification().verify_token, "verify");
    let (phone, account) = (Some("phone".to_owned()), Some("account".to_owned()));
    let expected = Connection {
        api_version: None,
        base_url: None,
        phone_number_id: phone,
        business_account_id: account,
        app_id: Some("app".to_owned()),
    };
    assert_eq!(connection, expected);
    let broken = variables(|_| Err(VarError::NotUnicode("x".into())))
        .map(drop)
        .unwrap_err();
    assert!(
        broken.to_string().contains("WHATSAPP_ACCESS_TOKEN"),
        "{broken}"
    );
}

#[cfg(unix)]
#[test]
fn a_file_that_others_may_read_is_noticed() {
    use std::os::unix::fs::PermissionsExt;
    let file = tempfile::NamedTempFile::new().unwrap();
    for (mode, noticed) in [(0o600, false), (0o400, false), (0o640, true), (0o604, true)] {
        std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(mode)).unwrap();
        assert_eq!(file::others_may_read(file.path()), noticed, "{mode:o}");
    }
}
