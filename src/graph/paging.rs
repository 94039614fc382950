//! Following Graph's cursors to the last page.

use super::{Graph, request::Call};
use crate::contract::whatsapp::connector::types::Error;
use crate::fault::{Fallible, fault};
use crate::json::{at, text_at};
use crate::prelude::*;
use serde_json::Value;

/// Items asked for per page; Graph gives fewer when it wants to.
const PAGE_SIZE: &str = "100";

/// Reads every page of an edge and returns all items in order.
pub fn all(graph: &Graph<'_>, edge: &dyn Fn() -> Call) -> Fallible<Vec<Value>> {
    let mut items = Vec::new();
    let mut after: Option<String> = None;
    let mut seen = Vec::new();
    loop {
        let (mut data, next) = page(graph, edge().query("limit", PAGE_SIZE), after.as_deref())?;
        items.append(&mut data);
        match next {
            None => return Ok(items),
            Some(_) if seen.contains(&next) => return Err(broken("its cursors lead in a circle")),
            Some(_) => {
                seen.push(next.clone());
                after = next;
            }
        }
    }
}

/// Reads one page of an edge: its items, and the cursor of the next page when there is one.
///
/// The next page is asked for by its cursor, not by Graph's `next` address: that one repeats the access token.
pub fn page(
    graph: &Graph<'_>,
    mut call: Call,
    after: Option<&str>,
) -> Fallible<(Vec<Value>, Option<String>)> {
    if let Some(cursor) = after {
        call = call.query("after", cursor);
    }
    let mut page = graph.call(call)?;
    let Some(Value::Array(data)) = page.get_mut("data").map(Value::take) else {
        return Err(broken("it has no list `data`"));
    };
    if at(&page, &["paging", "next"]).is_none_or(Value::is_null) {
        return Ok((data, None));
    }
    match text_at(&page, &["paging", "cursors", "after"]) {
        None => Err(broken("it announces a further page without a cursor")),
        next => Ok((data, next)),
    }
}

/// A list that cannot be read to its end is an error: half a list would look like a whole one.
fn broken(problem: &str) -> Box<Error> {
    Box::new(Error::Unavailable(fault(
        format!("Meta's answer is not a complete list: {problem}."),
        "Try again; if it stays, report it with the action's name.",
    )))
}
