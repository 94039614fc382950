//! `describe`: what there is.

use crate::program::run;

#[tokio::test]
async fn the_actions_are_listed_in_groups() {
    let ended = run(&["describe"], &[]).await.expect(0);
    ended.tells(&[
        "The WhatsApp connector",
        "messages",
        "send-text",
        "Send a text",
        "acts each time",
        "send-template",
        "phone-numbers",
        "list-phone-numbers",
        "reads",
        "ensure-registered",
        "writes, safe to repeat",
        "accounts",
        "validate-connection",
        "What starts a flow",
        "message-status-updated",
        "trigger",
        "describe send-text",
        "describe new-message",
    ]);
}

#[tokio::test]
async fn one_action_is_explained_with_examples_to_copy() {
    let ended = run(&["describe", "send-text"], &[]).await.expect(0);
    ended.tells(&[
        "send-text",
        "customer service window",
        "Fields",
        "* to  text",
        "* body  text up to 4096 characters",
        "recipient_type  one of individual, group",
        "preview_url  true or false",
        "Examples",
        "invoke send-text --input '{\"to\":",
    ]);
}

#[tokio::test]
async fn one_trigger_is_explained_with_what_it_needs_its_filter_and_an_event() {
    let ended = run(&["describe", "new-message"], &[]).await.expect(0);
    ended.tells(&[
        "new-message",
        "A customer wrote",
        "Webhook fields",
        "messages (switch it on in Meta's app dashboard",
        "Filter",
        "kinds  list of texts",
        "Only messages of these kinds",
        "Each one of text, image",
        "Sample event",
        "\"envelope\": {",
        "serve --subscribe new-message",
    ]);
    let ended = run(&["describe", "group-updated"], &[]).await.expect(0);
    ended.tells(&["group_lifecycle_update, group_participants_update"]);
    let ended = run(&["describe", "any-event"], &[]).await.expect(0);
    ended.tells(&["Whatever is switched on"]);
}

#[tokio::test]
async fn a_trigger_is_not_invoked() {
    let token = [("WHATSAPP_ACCESS_TOKEN", "EAAToken".to_owned())];
    let ended = run(&["invoke", "new-message", "--input", "{}"], &token)
        .await
        .expect(2);
    ended.complains(&[
        "there is no action `new-message`",
        "It is a trigger",
        "describe new-message",
    ]);
}

#[tokio::test]
async fn programs_get_the_manifest_or_one_entry_of_it() {
    let manifest = run(&["--json", "describe"], &[]).await.expect(0).json();
    let actions = manifest["actions"].as_array().unwrap();
    assert!(actions.len() >= 6, "{actions:?}");
    let entry = run(&["describe", "send-media", "--json"], &[])
        .await
        .expect(0)
        .json();
    assert!(actions.contains(&entry));
    assert_eq!(entry["name"], "send-media");
    let entry = run(&["describe", "new-reaction", "--json"], &[])
        .await
        .expect(0)
        .json();
    assert!(manifest["triggers"].as_array().unwrap().contains(&entry));
    assert_eq!(entry["name"], "new-reaction");
}

#[tokio::test]
async fn a_misspelt_action_leads_to_the_nearest() {
    for (typed, meant) in [
        ("sendText", "send-text"),
        ("send_template", "send-template"),
        ("list-phone-number", "list-phone-numbers"),
        ("newMessage", "new-message"),
    ] {
        let ended = run(&["describe", typed], &[]).await.expect(2);
        ended.complains(&[
            "there is no action",
            typed,
            &format!("Did you mean `{meant}`?"),
        ]);
    }
    let ended = run(&["describe", "zzz"], &[]).await.expect(2);
    assert!(!ended.stderr.contains("Did you mean"), "{}", ended.stderr);
    assert!(
        ended
            .stderr
            .contains("describe` lists all actions and triggers"),
        "{}",
        ended.stderr
    );
}
