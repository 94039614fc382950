use super::*;

#[test]
fn meta_and_its_media_hosts_are_allowed() {
    for (url, destination) in [
        (
            "https://graph.facebook.com/v25.0/1/messages?x=1",
            Destination::Graph,
        ),
        ("https://GRAPH.facebook.com:443/v25.0", Destination::Graph),
        (
            "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1",
            Destination::Media,
        ),
        ("https://scontent.xx.fbcdn.net/a", Destination::Media),
        (
            "https://media-fra3-1.cdn.whatsapp.net/v/t62",
            Destination::Media,
        ),
    ] {
        assert_eq!(
            check(url, &[]).map(|allowed| allowed.destination),
            Ok(destination),
            "{url}"
        );
    }
}

#[test]
fn the_hosts_of_the_manifest_are_allowed_and_no_others_are_listed() {
    let facts: serde_json::Value =
        serde_json::from_str(include_str!("../../../src/plugin/platform.json")).unwrap();
    let rows = facts["hosts"].as_array().unwrap().iter();
    let said: Vec<_> = rows
        .map(|row| row["host"].as_str().unwrap().trim_start_matches('*'))
        .collect();
    let listed: Vec<_> = [GRAPH_HOST].into_iter().chain(MEDIA_HOSTS).collect();
    assert_eq!(said, listed);
}

#[test]
fn everything_else_is_refused() {
    for url in [
        "http://graph.facebook.com/",
        "https://graph.facebook.com:8443/",
        "https://graph.facebook.com./",
        "https://graph.facebook.com.evil.example/",
        "https://evilgraph.facebook.com/",
        "https://www.facebook.com/",
        // Pages of others are served there.
        "https://apps-1.apps.fbsbx.com/",
        "https://fbcdn.net/",
        "https://.fbcdn.net/",
        "https://evilfbcdn.net/",
        "https://whatsapp.net.evil.example/",
        "https://user@graph.facebook.com/",
        "https://@graph.facebook.com/",
        "https://graph.facebook.com@evil.example/",
        "https://graph.facebook.com:@evil.example/",
        "https://graph%2efacebook.com/",
        "https://graph.facebook.com\\@evil.example/",
        "https://graph.faceb\u{00f6}\u{00f6}k.com/",
        "https://graph\u{3002}facebook.com/",
        "https://graph.face\tbook.com/",
        "https://graph.facebook.com/#x",
        "https:graph.facebook.com/",
        "https:///graph.facebook.com/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://2130706433/",
        "https://localhost/",
        "ftp://graph.facebook.com/",
        "file:///etc/passwd",
        "data:text/plain,x",
        "/v25.0/me",
        "",
    ] {
        assert!(check(url, &[]).is_err(), "allowed: {url:?}");
    }
}

#[test]
fn an_allowed_base_url_is_one_exact_origin() {
    let extra = [Origin::parse("http://127.0.0.1:8080/graph").unwrap()];
    let allowed = |url| check(url, &extra).is_ok();
    assert!(allowed("http://127.0.0.1:8080/v25.0/1/messages"));
    for other in [
        "http://127.0.0.1/",
        "http://127.0.0.1:8081/",
        "https://127.0.0.1:8080/",
        "http://127.0.0.2:8080/",
        "http://localhost:8080/",
        "http://2130706433:8080/",
        "http://127.1:8080/",
        "http://a@127.0.0.1:8080/",
        "http://127.0.0.1:8080@evil.example/",
    ] {
        assert!(!allowed(other), "allowed: {other}");
    }
    assert_eq!(
        check("http://127.0.0.1:8080/x", &extra)
            .unwrap()
            .destination,
        Destination::Graph
    );
}

#[test]
fn a_default_port_is_the_same_origin() {
    let extra = [
        Origin::parse("https://gateway.example").unwrap(),
        Origin::parse("http://[::1]:9").unwrap(),
    ];
    assert!(check("https://gateway.example:443/v25.0", &extra).is_ok());
    assert!(check("http://[::1]:9/v25.0", &extra).is_ok());
}

#[test]
fn the_refusal_names_the_place_and_the_way_out_but_not_the_path() {
    let text = check("https://evil.example/steal?token=1", &[]).unwrap_err();
    assert!(
        text.contains("https://evil.example ") && text.contains("WHATSAPP_BASE_URL"),
        "{text}"
    );
    assert!(
        !text.contains("steal") && !text.contains("token=1"),
        "{text}"
    );
}

#[test]
fn a_base_url_with_secrets_in_it_is_refused_and_not_repeated() {
    for (url, part) in [
        ("http://user:hunter2@127.0.0.1/", "user name"),
        ("http://127.0.0.1/?t=hunter2", "query"),
        ("ftp://127.0.0.1/", "scheme"),
        ("127.0.0.1:8080", "not a URL"),
        ("http://127.0.0.1 /", "blanks"),
    ] {
        let text = Origin::parse(url).unwrap_err().to_string();
        assert!(
            text.contains(part) && !text.contains("hunter2"),
            "{url}: {text}"
        );
    }
}

#[test]
fn clear_text_beyond_this_machine_is_noticed() {
    let exposed = |url| Origin::parse(url).unwrap().is_exposed();
    assert!(exposed("http://10.0.0.1:80") && exposed("http://gateway.example"));
    assert!(
        !exposed("http://127.0.0.1:1")
            && !exposed("http://localhost:1")
            && !exposed("http://[::1]:1")
            && !exposed("https://a.b")
    );
}
