//! Lists that never end.

use serde_json::json;

use crate::call::{Network, connection, invoke};

#[test]
fn a_list_with_ever_new_cursors_is_left_after_a_thousand_pages() {
    let page = |number: u32| {
        let paging = json!({"cursors": {"after": format!("cursor-{number}")}, "next": "https://graph.facebook.com/next"});
        json!({"status": 200, "body": {"data": [], "paging": paging}})
    };
    let pages: Vec<_> = (0..1100).map(page).collect();
    let outcome = invoke(
        "list-phone-numbers",
        &connection(),
        &json!({}),
        Network::script(&pages),
    );
    let error = outcome.result.unwrap_err();
    assert_eq!(error["case"], "permanent-rejected");
    assert_eq!(
        error["fault"]["message"],
        "Meta's list goes on after 1000 pages."
    );
    assert_eq!(outcome.requests.len(), 1000);
}
