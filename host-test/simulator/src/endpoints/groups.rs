//! Groups: made by a business number, joined by invitation.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::number::{self, require_messaging_product};
use super::waba::asked_fields;
use crate::fields;
use crate::graph_error::GraphError;
use crate::paging;
use crate::reply::Reply;
use crate::request::scalar_text;
use crate::router::Call;
use crate::webhooks::envelope::Item;
use crate::webhooks::outbox::Update;
use crate::world::{Group, PhoneNumber};

pub(crate) const NODE_TYPE: &str = "WhatsAppBusinessGroup";

/// Code points (groups page).
const SUBJECT_CHARACTERS: usize = 128;
const DESCRIPTION_CHARACTERS: usize = 2048;

const DEFAULT_FIELDS: &str = "id,subject,creation_timestamp";

/// `subject` and `description`, when they are given.
fn texts(call: &Call) -> Result<(Option<String>, Option<String>), GraphError> {
    let text = |name, most| match call.request.text(name) {
        Some(text) if text.chars().count() > most => Err(GraphError::param(format_args!(
            "Param {name} must be at most {most} characters long."
        ))),
        text => Ok(text.map(|text| text.trim().to_owned())),
    };
    Ok((
        text("subject", SUBJECT_CHARACTERS)?,
        text("description", DESCRIPTION_CHARACTERS)?,
    ))
}

/// `POST /{phone-number-id}/groups`: the group's id and invitation come by webhook, under the answered request id.
pub(crate) fn create(call: &mut Call) -> Result<Reply, GraphError> {
    const MODES: &[&str] = &["approval_required", "auto_approve"];
    require_messaging_product(call)?;
    let (subject, description) = texts(call)?;
    let subject = subject
        .filter(|text| !text.is_empty())
        .ok_or_else(|| GraphError::required("subject"))?;
    let mode = call
        .request
        .text("join_approval_mode")
        .unwrap_or_else(|| "auto_approve".into());
    if !MODES.contains(&mode.as_str()) {
        return Err(GraphError::one_of("join_approval_mode", MODES, &mode));
    }
    let digits = number::of(call).map(|number| PhoneNumber::digits(number))?;
    let name = format!("capi_group:{digits}:{}", call.world.ids.numeric());
    let request_id = call.world.ids.request_id();
    let group = Group {
        id: URL_SAFE_NO_PAD.encode(name),
        phone_number_id: call.node.to_owned(),
        subject,
        description,
        approval_required: mode == "approval_required",
        invite: Some(call.world.ids.opaque()),
        created_at: call.now_ms / 1000,
        ..Group::default()
    };
    let event = json!({
        "request_id": request_id,
        "subject": group.subject,
        "description": group.description,
        "invite_link": group.invite_link(),
        "join_approval_mode": group.join_approval_mode(),
    });
    tell(
        call,
        &group,
        "group_lifecycle_update",
        "group_create",
        event,
    );
    call.world.groups.push(group);
    Ok(Reply::graph(
        &json!({"messaging_product": "whatsapp", "request_id": request_id}),
    ))
}

/// Plans a webhook about a group; members that are null are left out.
fn tell(call: &mut Call, group: &Group, field: &str, kind: &str, event: Value) {
    let mut members = Map::new();
    members.insert("timestamp".into(), json!((call.now_ms / 1000).to_string()));
    members.insert("group_id".into(), json!(group.id));
    members.insert("type".into(), json!(kind));
    if let Value::Object(event) = event {
        members.extend(event.into_iter().filter(|(_, member)| !member.is_null()));
    }
    let value = json!({ "groups": [members] });
    if let Some(item) = Item::of_field(call.world, &group.phone_number_id, field, value) {
        call.world.outbox.schedule(call.now_ms, Update::Item(item));
    }
}

/// `GET /{phone-number-id}/groups`: `data` is an object here, with the list inside.
pub(crate) fn list(call: &mut Call) -> Result<Reply, GraphError> {
    let own = call
        .world
        .groups
        .iter()
        .filter(|group| group.phone_number_id == call.node);
    let groups = own
        .map(|group| json!({"id": group.id, "subject": group.subject, "created_at": group.created_at.to_string()}))
        .collect();
    let page = paging::page(groups, call.request, &call.base_url, &call.token.value);
    let mut page = page.map_err(|error| match error.message.contains("cursors") {
        true => GraphError::new(131_059),
        false => error,
    })?;
    page["data"] = json!({"groups": page["data"].take()});
    Ok(Reply::graph(&page))
}

/// The group a call is about.
fn of<'a>(call: &'a mut Call) -> Result<&'a mut Group, GraphError> {
    let missing = GraphError::unknown_object(&call.request.method, call.node);
    let group = call
        .world
        .groups
        .iter_mut()
        .find(|group| group.id == call.node);
    group.ok_or(missing)
}

/// `GET /{group-id}`.
pub(crate) fn show(call: &mut Call) -> Result<Reply, GraphError> {
    let node = of(call)?.graph_fields();
    let asked = asked_fields(call, DEFAULT_FIELDS);
    fields::select(&node, &asked, NODE_TYPE).map(|chosen| Reply::graph(&chosen))
}

/// `POST /{group-id}`: another subject or description.
pub(crate) fn update(call: &mut Call) -> Result<Reply, GraphError> {
    require_messaging_product(call)?;
    let (subject, description) = texts(call)?;
    let group = of(call)?;
    group.subject = subject.unwrap_or_else(|| group.subject.clone());
    group.description = description.or_else(|| group.description.take());
    Ok(Reply::success())
}

/// `DELETE /{group-id}`.
pub(crate) fn delete(call: &mut Call) -> Result<Reply, GraphError> {
    let group = of(call)?.clone();
    call.world.groups.retain(|other| other.id != group.id);
    tell(
        call,
        &group,
        "group_lifecycle_update",
        "group_delete",
        json!({}),
    );
    Ok(Reply::success())
}

/// `GET /{group-id}/invite_link`.
pub(crate) fn invite_link(call: &mut Call) -> Result<Reply, GraphError> {
    let link = of(call)?.invite_link();
    Ok(Reply::graph(
        &json!({"messaging_product": "whatsapp", "invite_link": link}),
    ))
}

/// `POST /{group-id}/invite_link`: the old one stops working.
pub(crate) fn renew_invite_link(call: &mut Call) -> Result<Reply, GraphError> {
    require_messaging_product(call)?;
    let invite = call.world.ids.opaque();
    of(call)?.invite = Some(invite);
    invite_link(call)
}

/// `DELETE /{group-id}/participants`: several at once; those who are not there are told.
pub(crate) fn remove_participants(call: &mut Call) -> Result<Reply, GraphError> {
    require_messaging_product(call)?;
    let given = call
        .request
        .params
        .get("participants")
        .and_then(Value::as_array);
    let given = given
        .filter(|list| !list.is_empty())
        .ok_or_else(|| GraphError::required("participants"))?;
    let wa_ids: Vec<String> = given
        .iter()
        .filter_map(|item| item.get("user").and_then(scalar_text))
        .map(|user| user.trim_start_matches('+').to_owned())
        .collect();
    let group = of(call)?;
    if !wa_ids
        .iter()
        .all(|wa_id| group.participants.contains(wa_id))
    {
        return Err(GraphError::new(131_212));
    }
    group.participants.retain(|wa_id| !wa_ids.contains(wa_id));
    let group = group.clone();
    let removed: Vec<Value> = wa_ids
        .iter()
        .map(|wa_id| json!({"input": wa_id, "wa_id": wa_id}))
        .collect();
    let event = json!({ "removed_participants": removed });
    tell(
        call,
        &group,
        "group_participants_update",
        "group_participants_remove",
        event,
    );
    Ok(Reply::success())
}

/// `GET /{group-id}/join_requests`.
pub(crate) fn join_requests(call: &mut Call) -> Result<Reply, GraphError> {
    let open = of(call)?.join_requests.clone();
    let listed = open
        .iter()
        .map(|request| {
            json!({
                "id": request.id,
                "join_request_id": request.id,
                "wa_id": request.wa_id,
                "creation_timestamp": request.created_at,
            })
        })
        .collect();
    let page = paging::page(listed, call.request, &call.base_url, &call.token.value)?;
    Ok(Reply::graph(&page))
}

/// `POST /{group-id}/join_requests`: who asked comes in.
pub(crate) fn approve(call: &mut Call) -> Result<Reply, GraphError> {
    decide(call, true)
}

/// `DELETE /{group-id}/join_requests`.
pub(crate) fn reject(call: &mut Call) -> Result<Reply, GraphError> {
    decide(call, false)
}

fn decide(call: &mut Call, approved: bool) -> Result<Reply, GraphError> {
    require_messaging_product(call)?;
    let given = call
        .request
        .params
        .get("join_requests")
        .and_then(Value::as_array);
    let given = given.ok_or_else(|| GraphError::required("join_requests"))?;
    let ids: Vec<String> = given.iter().filter_map(scalar_text).collect();
    let group = of(call)?;
    let (mut done, mut failed) = (Vec::new(), Vec::new());
    for id in ids {
        match group
            .join_requests
            .iter()
            .position(|request| request.id == id)
        {
            Some(at) => {
                let request = group.join_requests.remove(at);
                if approved {
                    group.participants.push(request.wa_id);
                }
                done.push(id);
            }
            None => failed.push(json!({
                "join_request_id": id,
                "errors": [crate::graph_error::webhook_error(131_213, None)],
            })),
        }
    }
    let name = if approved {
        "approved_join_requests"
    } else {
        "rejected_join_requests"
    };
    let mut answer = json!({"messaging_product": "whatsapp", name: done});
    if !failed.is_empty() {
        answer["failed_join_requests"] = json!(failed);
    }
    Ok(Reply::graph(&answer))
}
