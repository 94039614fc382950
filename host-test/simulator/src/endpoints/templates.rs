//! Message templates: list, show, create, edit, delete.

use serde_json::{Value, json};

use super::waba::asked_fields;
use crate::fields;
use crate::graph_error::GraphError;
use crate::paging;
use crate::reply::Reply;
use crate::router::Call;
use crate::templates::{self, CATEGORIES, Draft, LANGUAGES, Refusal};
use crate::world::Template;

pub(crate) const NODE_TYPE: &str = "WhatsAppMessageTemplate";

const DEFAULT_FIELDS: &str =
    "name,parameter_format,components,language,status,category,sub_category,id";

static STATUSES: &[&str] = &[
    "APPROVED",
    "ARCHIVED",
    "DELETED",
    "DISABLED",
    "IN_APPEAL",
    "LIMIT_EXCEEDED",
    "PAUSED",
    "PENDING",
    "PENDING_DELETION",
    "REJECTED",
];
static QUALITIES: &[&str] = &["GREEN", "RED", "UNKNOWN", "YELLOW"];

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// How long the name of a deleted template that was approved is held: 30 days.
const HELD_MS: u64 = 30 * DAY_MS;

/// Edits of an approved template: this many within the time before it.
static EDITS: &[(usize, u64)] = &[(1, DAY_MS), (10, 30 * DAY_MS)];

/// Ids in one deletion.
const DELETED_AT_ONCE: usize = 100;

/// `GET /{waba-id}/message_templates` with `fields`, paging, and filters: `name`, `content`, `name_or_content` (a part of
/// it is enough), `status`, `category`, `language`, `quality_score` (each a value or a list).
pub(crate) fn list(call: &mut Call) -> Result<Reply, GraphError> {
    let asked = asked_fields(call, DEFAULT_FIELDS);
    let statuses = filter(call, "status", STATUSES)?;
    let categories = filter(call, "category", CATEGORIES)?;
    let qualities = filter(call, "quality_score", QUALITIES)?;
    let languages = filter(call, "language", &[])?;
    let wanted = |values: &[String], value: &str| {
        values.is_empty()
            || values
                .iter()
                .any(|wanted| wanted.eq_ignore_ascii_case(value))
    };
    let part = |parameter: &str| {
        call.request
            .query(parameter)
            .unwrap_or_default()
            .to_lowercase()
    };
    let (name, content, either) = (part("name"), part("content"), part("name_or_content"));
    let templates = call.world.templates.iter().filter(|template| {
        let text = template.content().to_lowercase();
        template.waba_id == call.node
            && template.name.contains(&name)
            && text.contains(&content)
            && (template.name.contains(&either) || text.contains(&either))
            && wanted(&statuses, &template.status)
            && wanted(&categories, &template.category)
            && wanted(&qualities, &template.quality)
            && wanted(&languages, &template.language)
    });
    let listed = templates
        .map(|template| fields::select(&template.graph_fields(call.world), &asked, NODE_TYPE))
        .collect::<Result<Vec<_>, _>>()?;
    let page = paging::page(listed, call.request, &call.base_url, &call.token.value)?;
    Ok(Reply::graph(&page))
}

/// The values of a filter; `status=APPROVED`, `status=approved,paused` and `status=["APPROVED"]` are all in use.
fn filter(call: &Call, parameter: &str, known: &[&str]) -> Result<Vec<String>, GraphError> {
    let text = call.request.query(parameter).unwrap_or_default();
    let values = text
        .split(',')
        .map(|value| value.trim_matches(['[', ']', '"', '\'', ' ']));
    let values: Vec<String> = values
        .filter(|value| !value.is_empty())
        .map(str::to_owned)
        .collect();
    let unknown = |value: &&String| !known.iter().any(|name| name.eq_ignore_ascii_case(value));
    match values
        .iter()
        .enumerate()
        .find(|(_, value)| !known.is_empty() && unknown(value))
    {
        Some((at, value)) => Err(GraphError::one_of(
            &format!("{parameter}[{at}]"),
            known,
            value,
        )),
        None => Ok(values),
    }
}

/// `GET /{template-id}`.
pub(crate) fn show(call: &mut Call) -> Result<Reply, GraphError> {
    let asked = asked_fields(call, DEFAULT_FIELDS);
    let template = call
        .world
        .templates
        .iter()
        .find(|template| template.id == call.node);
    let node = template
        .ok_or_else(|| GraphError::unknown_object(&call.request.method, call.node))?
        .graph_fields(call.world);
    fields::select(&node, &asked, NODE_TYPE).map(|chosen| Reply::graph(&chosen))
}

fn of<'a>(call: &'a mut Call) -> Result<&'a mut Template, GraphError> {
    let missing = GraphError::unknown_object(&call.request.method, call.node);
    call.world
        .templates
        .iter_mut()
        .find(|template| template.id == call.node)
        .ok_or(missing)
}

/// One of the names of a list, in the way the list writes it.
fn named(
    parameter: &str,
    known: &'static [&'static str],
    given: &str,
) -> Result<&'static str, GraphError> {
    let found = known.iter().find(|name| name.eq_ignore_ascii_case(given));
    found
        .copied()
        .ok_or_else(|| GraphError::one_of(parameter, known, given))
}

/// `POST /{waba-id}/message_templates`: the new template waits for review (PENDING).
pub(crate) fn create(call: &mut Call) -> Result<Reply, GraphError> {
    let text = |name| {
        call.request
            .text(name)
            .ok_or_else(|| GraphError::required(name))
    };
    let (name, language, category) = (text("name")?, text("language")?, text("category")?);
    templates::check_name(&name)?;
    let language = named("language", LANGUAGES, &language)?;
    let category = named("category", CATEGORIES, &category)?;
    let format = match call.request.text("parameter_format") {
        Some(format) => named("parameter_format", &["NAMED", "POSITIONAL"], &format)?,
        None => "POSITIONAL",
    };
    let components = checked_components(call, category, format)?
        .ok_or_else(|| GraphError::required("components"))?;
    check_free(call, &name, language)?;

    let mut template = Template::new(call.node, name, language, components)
        .with_category(category)
        .with_status("PENDING");
    template.message_send_ttl_seconds = ttl(call, category)?;
    // Review rejects names in a positional template within moments.
    if template.is_named() && format == "POSITIONAL" {
        template.status = "REJECTED".into();
    }
    template.parameter_format = format.into();
    template.updated_at = Some(call.now_ms / 1000);
    template.id = call.world.ids.numeric();
    let answer =
        json!({"id": template.id, "status": template.status, "category": template.category});
    call.world.add_template(template);
    Ok(Reply::graph(&answer))
}

/// Name and language are neither taken nor held by a deleted template.
fn check_free(call: &Call, name: &str, language: &str) -> Result<(), GraphError> {
    let world = &call.world;
    let taken = world
        .templates
        .iter()
        .any(|t| t.waba_id == call.node && t.name == name && t.language == language);
    if taken {
        return Err(Refusal::Exists.because(format!(
            "There is already content in this language ({language}) for this template. You can create a new template and try again."
        )));
    }
    let held = world.deleted_templates.iter().any(|deleted| {
        (
            deleted.waba_id.as_str(),
            deleted.name.as_str(),
            deleted.language.as_str(),
        ) == (call.node, name, language)
            && call.now_ms.saturating_sub(deleted.at_ms) < HELD_MS
    });
    if held {
        return Err(Refusal::BeingDeleted.because(format!(
            "New content in this language ({language}) can't be added while the existing content is being deleted. Try again in 4 weeks or consider creating a new message template."
        )));
    }
    Ok(())
}

/// The `components` parameter as it would be kept.
fn checked_components(
    call: &Call,
    category: &str,
    format: &str,
) -> Result<Option<Vec<Value>>, GraphError> {
    let components = match call.request.params.get("components") {
        Some(Value::Array(components)) if !components.is_empty() => components,
        Some(Value::Array(_)) | None => return Ok(None),
        Some(_) => return Err(GraphError::param("Param components must be an array.")),
    };
    let uploads = call.world.uploads.iter();
    let handles: Vec<_> = uploads
        .filter_map(|upload| Some((upload.handle.clone()?, upload.file_type.clone())))
        .collect();
    let draft = Draft {
        category,
        named: format == "NAMED",
        handles: &handles,
    };
    templates::check(components, &draft).map(Some)
}

fn ttl(call: &Call, category: &str) -> Result<Option<i64>, GraphError> {
    let Some(text) = call.request.text("message_send_ttl_seconds") else {
        return Ok(None);
    };
    let seconds = text
        .parse()
        .map_err(|_| GraphError::param("Param message_send_ttl_seconds must be an integer"))?;
    templates::check_ttl(category, seconds)?;
    Ok(Some(seconds))
}

/// `POST /{template-id}`: new components, category or time to live; the template is reviewed again.
pub(crate) fn edit(call: &mut Call) -> Result<Reply, GraphError> {
    let now_ms = call.now_ms;
    let old = of(call)?.clone();
    if !["APPROVED", "REJECTED", "PAUSED"].contains(&old.status.as_str()) {
        return Err(Refusal::Status.because(format!(
            "Only templates that are approved, rejected or paused can be edited; this one is {}.",
            old.status
        )));
    }
    let category = match call.request.text("category") {
        Some(category) => named("category", CATEGORIES, &category)?,
        None => named("category", CATEGORIES, &old.category)?,
    };
    if old.status == "APPROVED" {
        if category != old.category {
            return Err(
                Refusal::Status.because("The category of an approved template can't be edited.")
            );
        }
        let edits = |within: u64| {
            let recent = old
                .edits_ms
                .iter()
                .filter(|at| now_ms.saturating_sub(**at) < within);
            recent.count()
        };
        if EDITS.iter().any(|(most, within)| edits(*within) >= *most) {
            return Err(Refusal::EditedTooOften.because(
                "An approved template can be edited once in 24 hours and 10 times in 30 days.",
            ));
        }
    }
    let components = checked_components(call, category, &old.parameter_format)?;
    let ttl = ttl(call, category)?;
    if components.is_none() && ttl.is_none() && call.request.text("category").is_none() {
        return Err(GraphError::required("components"));
    }
    let template = of(call)?;
    if let Some(components) = components {
        template.components = components;
        template.status = "PENDING".into();
    }
    template.category = category.into();
    template.message_send_ttl_seconds = ttl.or(template.message_send_ttl_seconds);
    template.updated_at = Some(now_ms / 1000);
    template.edits_ms.push(now_ms);
    Ok(Reply::success())
}

/// `DELETE /{waba-id}/message_templates` by `name`, by `name` and `hsm_id` for one language only, or by `hsm_ids`.
pub(crate) fn delete(call: &mut Call) -> Result<Reply, GraphError> {
    let (name, id) = (call.request.text("name"), call.request.text("hsm_id"));
    let ids = match (&name, &id, call.request.query("hsm_ids")) {
        (None, None, Some(text)) => ids(text)?,
        (_, _, Some(_)) => {
            return Err(GraphError::param(
                "Param hsm_ids can't be combined with name or hsm_id.",
            ));
        }
        (None, _, None) => return Err(GraphError::required("name")),
        (Some(_), _, None) => Vec::new(),
    };
    let node = call.node;
    let own = call
        .world
        .templates
        .iter()
        .filter(|template| template.waba_id == node);
    let meant: Vec<Template> = match &name {
        Some(name) => own
            .filter(|t| t.name == *name && id.as_ref().is_none_or(|id| *id == t.id))
            .cloned()
            .collect(),
        None => own
            .filter(|template| ids.contains(&template.id))
            .cloned()
            .collect(),
    };
    if meant.is_empty() || (name.is_none() && meant.len() < ids.len()) {
        return Err(Refusal::NotFound.because("The message template was not found."));
    }
    if meant.iter().any(|template| template.status == "DISABLED") {
        return Err(Refusal::Status.because("Templates that are disabled can't be deleted."));
    }
    let gone: Vec<&String> = meant.iter().map(|template| &template.id).collect();
    call.world
        .templates
        .retain(|template| !gone.contains(&&template.id));
    let approved = meant
        .iter()
        .filter(|template| template.status == "APPROVED");
    let held = approved.map(|template| template.deleted(call.now_ms));
    call.world.deleted_templates.extend(held);
    Ok(Reply::success())
}

/// `[1,2]`, with or without quotes.
fn ids(text: &str) -> Result<Vec<String>, GraphError> {
    let ids = text
        .split(',')
        .map(|id| id.trim_matches(['[', ']', '"', ' ']).to_owned());
    let ids: Vec<String> = ids.filter(|id| !id.is_empty()).collect();
    if (1..=DELETED_AT_ONCE).contains(&ids.len()) {
        return Ok(ids);
    }
    Err(GraphError::param(format_args!(
        "Param hsm_ids must have 1 to {DELETED_AT_ONCE} elements."
    )))
}
