use super::*;

fn credentials() -> Credentials {
    Credentials::new()
        .access_token(Secret::new("EAAG|+/=x").unwrap())
        .app_secret(Secret::new("0123abcd").unwrap())
}

fn run(
    secret: Named,
    placement: Placement,
    destination: Destination,
    url: &str,
) -> Result<(String, HeaderMap), String> {
    let mut url = Url::parse(url).unwrap();
    let mut headers = HeaderMap::new();
    place(
        &[Credential { secret, placement }],
        &credentials(),
        destination,
        &mut url,
        &mut headers,
    )?;
    Ok((url.into(), headers))
}

#[test]
fn bearer_goes_to_the_graph_api_and_to_media_hosts() {
    for destination in [Destination::Graph, Destination::Media] {
        let (url, headers) = run(
            Named::AccessToken,
            Placement::Bearer,
            destination,
            "https://h/a?b=c",
        )
        .unwrap();
        assert_eq!(url, "https://h/a?b=c");
        assert_eq!(headers["authorization"], "Bearer EAAG|+/=x");
        assert!(headers["authorization"].is_sensitive());
    }
}

#[test]
fn a_query_secret_is_percent_encoded_and_appended() {
    let query = |name: &str| Placement::Query(name.to_owned());
    let (url, headers) = run(
        Named::AccessToken,
        query("input_token"),
        Destination::Graph,
        "https://h/debug_token?a=1",
    )
    .unwrap();
    assert_eq!(
        url,
        "https://h/debug_token?a=1&input_token=EAAG%7C%2B%2F%3Dx"
    );
    assert!(headers.is_empty());
    let (url, _) = run(
        Named::AppSecret,
        query("client_secret"),
        Destination::Graph,
        "https://h/oauth/access_token",
    )
    .unwrap();
    assert_eq!(url, "https://h/oauth/access_token?client_secret=0123abcd");
}

#[test]
fn every_other_place_is_refused_and_the_text_lists_the_allowed_ones() {
    let query = |name: &str| Placement::Query(name.to_owned());
    for (secret, placement, destination, says) in [
        (
            Named::AccessToken,
            query("about"),
            Destination::Graph,
            "`fb_exchange_token`",
        ),
        (
            Named::AccessToken,
            query("input_token"),
            Destination::Media,
            "allowed there: bearer",
        ),
        (
            Named::AppSecret,
            Placement::Bearer,
            Destination::Graph,
            "`client_secret`",
        ),
        (
            Named::AppSecret,
            query("client_secret"),
            Destination::Media,
            "allowed there: nothing",
        ),
    ] {
        let text = run(secret, placement, destination, "https://h/").unwrap_err();
        assert!(
            text.contains(says) && !text.contains("EAAG") && !text.contains("0123abcd"),
            "{text}"
        );
    }
}

#[test]
fn a_parameter_that_is_there_already_is_not_doubled() {
    let text = run(
        Named::AccessToken,
        Placement::Query("input_token".to_owned()),
        Destination::Graph,
        "https://h/?input_token=1",
    );
    assert!(text.unwrap_err().contains("already has"));
}

#[test]
fn a_missing_secret_is_named_with_the_ways_to_set_it() {
    let mut url = Url::parse("https://h/").unwrap();
    let wanted = [Credential {
        secret: Named::AccessToken,
        placement: Placement::Bearer,
    }];
    let text = place(
        &wanted,
        &Credentials::new(),
        Destination::Graph,
        &mut url,
        &mut HeaderMap::new(),
    )
    .unwrap_err();
    assert!(
        text.contains("no access token") && text.contains("WHATSAPP_ACCESS_TOKEN"),
        "{text}"
    );
}
