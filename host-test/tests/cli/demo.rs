//! `demo`: the story on one screen.

use graph_simulator::world::demo;

use crate::program::run;

#[tokio::test]
async fn the_whole_story_is_told_on_one_screen() {
    let ended = run(&["demo"], &[]).await.expect(0);
    ended.tells(&[
        "imports one function: http.send",
        "answered Meta's handshake",
        "✓ validate-connection",
        "never expires",
        "✓ list-phone-numbers",
        "3 numbers; sender +1 555-010-0002",
        "✓ ensure-registered",
        "now CONNECTED",
        "✓ send-template",
        "hello_world (en_US) to +15550100100: accepted",
        "✓ status webhooks",
        "sent → delivered → read",
        "✓ webhooks.handle",
        "\"Hi! Is my order on its way?\"",
        "✓ webhooks.handle",
        "answered 401",
        "✓ send-text",
        "refused before sending",
        "4096",
        "✓ send-text",
        "✓ status webhooks",
        "✓ send-media",
        "✓ status webhooks",
        "8 HTTP requests",
        "it is not there",
        "template",
        "delivered 09:00:01",
        "text",
        "image",
        "describe",
    ]);
    assert_eq!(ended.stderr, "", "no log on the screen");
    let lines: Vec<_> = ended.stdout.lines().collect();
    assert!(lines.len() <= 40, "{} lines", lines.len());
    for line in lines.iter().filter(|line| !line.contains("host-test")) {
        assert!(line.chars().count() <= 100, "{line}");
    }
    assert!(!ended.stdout.contains('\u{1b}'), "no colours in a pipe");
}

#[tokio::test]
async fn programs_get_one_json_line_for_each_step() {
    let ended = run(&["demo", "--json"], &[]).await.expect(0);
    let lines = ended.json_lines();
    let steps: Vec<_> = lines
        .iter()
        .map(|line| line["step"].as_str().unwrap())
        .collect();
    assert_eq!(
        steps,
        [
            "validate-connection",
            "list-phone-numbers",
            "ensure-registered",
            "send-template",
            "status webhooks",
            "webhooks.handle",
            "webhooks.handle",
            "send-text",
            "send-text",
            "status webhooks",
            "send-media",
            "status webhooks",
            "summary",
        ]
    );
    assert!(lines.iter().all(|line| line["ok"] == true));
    assert_eq!(
        lines[4]["result"]["states"],
        serde_json::json!(["sent", "delivered", "read"])
    );
    assert_eq!(lines[6]["result"]["refused"]["status"], 401);
    assert_eq!(
        lines[7]["result"]["refused"]["case"],
        "permanent-invalid-input"
    );
    assert_eq!(lines[7]["result"]["refused"]["field"], "body");
    assert_eq!(lines[12]["result"]["http_requests"], 8);
}

#[tokio::test]
async fn an_account_in_the_environment_is_not_used_but_mentioned() {
    let settings = [("WHATSAPP_ACCESS_TOKEN", demo::ACCESS_TOKEN.to_owned())];
    let ended = run(&["demo"], &settings).await.expect(0);
    ended.tells(&[
        "WHATSAPP_ACCESS_TOKEN is set but was not used",
        "--live --to",
    ]);
}

#[tokio::test]
async fn verbose_logs_each_http_exchange_without_the_token() {
    let ended = run(&["demo", "-v"], &[]).await.expect(0);
    let exchanges = ended.stderr.lines().filter(|line| line.contains("http"));
    assert!(exchanges.count() >= 8, "{}", ended.stderr);
    assert!(ended.stderr.contains("status=200"), "{}", ended.stderr);
}

#[tokio::test]
async fn a_missing_component_says_how_to_build_it() {
    let ended = run(&["demo", "--component", "nowhere.wasm"], &[])
        .await
        .expect(2);
    ended.complains(&["nowhere.wasm", "cargo xtask build"]);
}
