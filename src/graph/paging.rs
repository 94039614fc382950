//! Following Graph's cursors: to the last page, or page by page.

use super::{Graph, request::Call};
use crate::contract::whatsapp::connector::types::Error;
use crate::fault::{Fallible, fault};
use crate::json::{Input, at, text_at};
use crate::prelude::*;
use crate::text::number;
use serde_json::Value;

/// Items asked for per page; Graph gives fewer when it wants to.
const PAGE_SIZE: u64 = 100;

/// Most items that a page may have.
const PAGE_SIZE_MAX: u64 = 100;

/// Most pages that are read in one go: 100,000 items, more than any list of Meta's may have (64,000 blocked users). Without it, a server that
/// never ends would never be left.
const PAGES_MAX: usize = 1000;

/// Reads every page of an edge and returns all items in order.
pub fn all(graph: &Graph<'_>, edge: &dyn Fn() -> Call) -> Fallible<Vec<Value>> {
    follow(graph, edge, None, PAGE_SIZE, true).map(|(items, _)| items)
}

/// Reads what an input with the fields `limit`, `after` and `all_pages` asks for: all pages, or, when it names a page, that one with the
/// cursor of the next.
pub fn asked(
    graph: &Graph<'_>,
    input: &Input<'_>,
    edge: &dyn Fn() -> Call,
) -> Fallible<(Vec<Value>, Option<String>)> {
    let limit = input.number("limit");
    if let Some(limit) = limit
        && !(1..=PAGE_SIZE_MAX).contains(&limit)
    {
        let problem = format!("expected 1 to {PAGE_SIZE_MAX}, got {limit}");
        return Err(input.refuse("limit", &problem, ""));
    }
    let names_a_page = limit.is_some() || input.has("after");
    let all = input.is("all_pages") || !(names_a_page || input.has("all_pages"));
    follow(
        graph,
        edge,
        input.text("after").map(str::to_owned),
        limit.unwrap_or(PAGE_SIZE),
        all,
    )
}

/// Reads pages from the cursor `after` on. The second value is where the next one begins, if there is one.
///
/// The next page is asked for by its cursor, not by Graph's `next` address: that one repeats the access token.
fn follow(
    graph: &Graph<'_>,
    edge: &dyn Fn() -> Call,
    mut after: Option<String>,
    limit: u64,
    all: bool,
) -> Fallible<(Vec<Value>, Option<String>)> {
    let mut items = Vec::new();
    let mut seen = Vec::new();
    loop {
        let mut call = edge().query("limit", &number(limit));
        if let Some(cursor) = &after {
            call = call.query("after", cursor);
            seen.push(after);
        }
        let mut page = graph.call(call)?;
        match page.get_mut("data") {
            Some(Value::Array(data)) => items.append(data),
            _ => return Err(broken("it has no list `data`")),
        }
        if at(&page, &["paging", "next"]).is_none_or(Value::is_null) {
            return Ok((items, None));
        }
        after = text_at(&page, &["paging", "cursors", "after"]);
        if after.is_none() {
            return Err(broken("it announces a further page without a cursor"));
        }
        if seen.contains(&after) {
            return Err(broken("its cursors lead in a circle"));
        }
        if !all {
            return Ok((items, after));
        }
        if seen.len() + 1 >= PAGES_MAX {
            return Err(Box::new(Error::PermanentRejected(fault(
                "Meta's list goes on after 1000 pages.",
                "Read it page by page, with `limit` and `after`.",
            ))));
        }
    }
}

/// A list that cannot be read to its end is an error: half a list would look like a whole one.
fn broken(problem: &str) -> Box<Error> {
    Box::new(Error::Unavailable(fault(
        format!("Meta's answer is not a complete list: {problem}."),
        "Try again; if it stays, report it with the action's name.",
    )))
}
