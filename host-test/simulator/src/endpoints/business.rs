//! The user behind a token, its business portfolios, and the WABAs that these own or are given access to.

use serde_json::{Value, json};

use super::waba::{self, asked_fields};
use crate::fields;
use crate::graph_error::GraphError;
use crate::paging;
use crate::reply::Reply;
use crate::router::Call;
use crate::world::{Token, Waba, World};

pub(crate) const NODE_TYPE: &str = "Business";
pub(crate) const USER_TYPE: &str = "User";
pub(crate) const APP_TYPE: &str = "Application";

const DEFAULT_FIELDS: &str = "id,name";

/// How a portfolio comes to a WABA.
type Relation = fn(&Waba, &str) -> bool;

fn owns(waba: &Waba, business_id: &str) -> bool {
    waba.owner_business_id.as_deref() == Some(business_id)
}

fn has_access(waba: &Waba, business_id: &str) -> bool {
    waba.shared_with.iter().any(|id| id == business_id)
}

/// `GET /me`; `fields` may hold `businesses{…}`.
pub(crate) fn show_user(call: &mut Call) -> Result<Reply, GraphError> {
    let node = json!({
        "id": call.node,
        "name": "Simulated System User",
        "businesses": {"data": businesses_of(call.world, &call.token)},
    });
    let asked = asked_fields(call, "name,id");
    fields::select(&node, &asked, USER_TYPE).map(|chosen| Reply::graph(&chosen))
}

/// `GET /me/permissions`.
pub(crate) fn permissions(call: &mut Call) -> Result<Reply, GraphError> {
    let granted = |scope: &String| json!({"permission": scope, "status": "granted"});
    let granted: Vec<Value> = call.token.scopes.iter().map(granted).collect();
    Ok(Reply::graph(&json!({ "data": granted })))
}

/// `GET /me/businesses`.
pub(crate) fn businesses(call: &mut Call) -> Result<Reply, GraphError> {
    let listed = businesses_of(call.world, &call.token);
    answer(call, &listed, DEFAULT_FIELDS, NODE_TYPE)
}

/// `GET /{user-id}/assigned_whatsapp_business_accounts`.
pub(crate) fn assigned_wabas(call: &mut Call) -> Result<Reply, GraphError> {
    let covered = call
        .world
        .wabas
        .iter()
        .filter(|waba| call.token.covers_waba(&waba.id));
    let listed: Vec<Value> = covered.map(|waba| waba::node(call.world, waba)).collect();
    answer(call, &listed, waba::DEFAULT_FIELDS, waba::NODE_TYPE)
}

/// `GET /{business-id}`; `fields` may hold the two edges below.
pub(crate) fn show(call: &mut Call) -> Result<Reply, GraphError> {
    let known = businesses_of(call.world, &call.token);
    let node = known
        .into_iter()
        .find(|business| business.get("id") == Some(&json!(call.node)))
        .ok_or_else(|| GraphError::unknown_object(&call.request.method, call.node))?;
    let asked = asked_fields(call, DEFAULT_FIELDS);
    fields::select(&node, &asked, NODE_TYPE).map(|chosen| Reply::graph(&chosen))
}

/// `GET /{business-id}/owned_whatsapp_business_accounts`.
pub(crate) fn owned_wabas(call: &mut Call) -> Result<Reply, GraphError> {
    wabas(call, owns)
}

/// `GET /{business-id}/client_whatsapp_business_accounts`: those of others that are shared with the portfolio.
pub(crate) fn client_wabas(call: &mut Call) -> Result<Reply, GraphError> {
    wabas(call, has_access)
}

/// `GET /{app-id}`, `GET /app`.
pub(crate) fn show_app(call: &mut Call) -> Result<Reply, GraphError> {
    let app = &call.world.app;
    let node = json!({
        "id": app.id,
        "name": app.name,
        "category": "Business and pages",
        "link": format!("https://www.facebook.com/games/?app_id={}", app.id),
        "namespace": null,
    });
    let asked = asked_fields(call, "category,link,name,id");
    fields::select(&node, &asked, APP_TYPE).map(|chosen| Reply::graph(&chosen))
}

fn wabas(call: &Call, relation: Relation) -> Result<Reply, GraphError> {
    let mut listed = related(call.world, &call.token, call.node, relation);
    if let Some(wanted) = call.request.query("find") {
        listed.retain(|waba| waba.get("id") == Some(&json!(wanted)));
    }
    answer(call, &listed, waba::DEFAULT_FIELDS, waba::NODE_TYPE)
}

fn answer(
    call: &Call,
    nodes: &[Value],
    default: &str,
    node_type: &str,
) -> Result<Reply, GraphError> {
    let asked = asked_fields(call, default);
    let listed = nodes
        .iter()
        .map(|node| fields::select(node, &asked, node_type))
        .collect::<Result<Vec<_>, _>>()?;
    let page = paging::page(listed, call.request, &call.base_url, &call.token.value)?;
    Ok(Reply::graph(&page))
}

fn businesses_of(world: &World, token: &Token) -> Vec<Value> {
    let visible = world
        .businesses
        .iter()
        .filter(|business| world.token_sees_business(token, &business.id));
    visible
        .map(|business| {
            let mut node = business.graph_fields();
            for (edge, relation) in [
                ("owned_whatsapp_business_accounts", owns as Relation),
                ("client_whatsapp_business_accounts", has_access),
            ] {
                node[edge] = json!({"data": related(world, token, &business.id, relation)});
            }
            node
        })
        .collect()
}

/// The WABAs of a portfolio that the token was granted for.
fn related(world: &World, token: &Token, business_id: &str, relation: Relation) -> Vec<Value> {
    let wabas = world.wabas.iter();
    let seen = wabas.filter(|waba| relation(waba, business_id) && token.covers_waba(&waba.id));
    seen.map(|waba| waba::node(world, waba)).collect()
}
