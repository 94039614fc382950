//! Message templates: list, show, create, edit, delete.

use serde_json::{Value, json};

use super::waba::asked_fields;
use crate::fields;
use crate::graph_error::GraphError;
use crate::paging;
use crate::reply::Reply;
use crate::router::Call;
use crate::world::Template;

pub(crate) const NODE_TYPE: &str = "WhatsAppMessageTemplate";

const DEFAULT_FIELDS: &str =
    "name,parameter_format,components,language,status,category,sub_category,id";

/// `GET /{waba-id}/message_templates` with `fields`, paging, and filters by `name` (a part of it is enough), `status`,
/// `category` and `language` (each a value or a list).
pub(crate) fn list(call: &mut Call) -> Result<Reply, GraphError> {
    let asked = asked_fields(call, DEFAULT_FIELDS);
    let wanted = |parameter: &str, value: &str| {
        call.request.query(parameter).is_none_or(|text| {
            // `status=APPROVED`, `status=approved,paused` and `status=["APPROVED"]` are all in use.
            let mut values = text
                .split(',')
                .map(|v| v.trim_matches(['[', ']', '"', ' ']));
            values.any(|v| v.is_empty() || v.eq_ignore_ascii_case(value))
        })
    };
    let name = call.request.query("name").unwrap_or_default();
    let templates = call.world.templates.iter().filter(|template| {
        template.waba_id == call.node
            && template.name.contains(name)
            && wanted("status", &template.status)
            && wanted("category", &template.category)
            && wanted("language", &template.language)
    });
    let listed = templates
        .map(|template| fields::select(&template.graph_fields(call.world), &asked, NODE_TYPE))
        .collect::<Result<Vec<_>, _>>()?;
    let page = paging::page(listed, call.request, &call.base_url, &call.token.value)?;
    Ok(Reply::graph(&page))
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

/// `POST /{waba-id}/message_templates`: the new template waits for review (PENDING).
pub(crate) fn create(call: &mut Call) -> Result<Reply, GraphError> {
    let text = |name| {
        call.request
            .text(name)
            .ok_or_else(|| GraphError::required(name))
    };
    let (name, language, category) = (text("name")?, text("language")?, text("category")?);
    let named_well = name
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if !named_well || name.is_empty() {
        return Err(GraphError::with_details(
            100,
            "Message template name must be made of lower-case letters, digits and underscores.",
        ));
    }
    let components = match call.request.params.get("components") {
        Some(Value::Array(components)) => components.clone(),
        _ => return Err(GraphError::required("components")),
    };
    let taken = call
        .world
        .templates
        .iter()
        .any(|t| t.waba_id == call.node && t.name == name && t.language == language);
    if taken {
        return Err(GraphError::for_user(
            2_388_024,
            "Content in This Language Already Exists",
            "There is already content in this language for this template. You can create a new template and try again.",
        ));
    }
    let mut template = Template::new(call.node, name, language, components)
        .with_category(&category.to_ascii_uppercase())
        .with_status("PENDING");
    if let Some(format) = call.request.text("parameter_format") {
        template.parameter_format = format.to_ascii_uppercase();
    }
    template.id = call.world.ids.numeric();
    let answer =
        json!({"id": template.id, "status": template.status, "category": template.category});
    call.world.add_template(template);
    Ok(Reply::graph(&answer))
}

/// `POST /{template-id}`: new components or category; the template is reviewed again.
pub(crate) fn edit(call: &mut Call) -> Result<Reply, GraphError> {
    let request = call.request;
    let template = of(call)?;
    if let Some(Value::Array(components)) = request.params.get("components") {
        template.components.clone_from(components);
        template.status = "PENDING".into();
    }
    if let Some(category) = request.text("category") {
        template.category = category.to_ascii_uppercase();
    }
    Ok(Reply::success())
}

/// `DELETE /{waba-id}/message_templates` by `name`, or by `hsm_id` (with `name`) for one language only.
pub(crate) fn delete(call: &mut Call) -> Result<Reply, GraphError> {
    let name = call.request.text("name");
    let id = call.request.text("hsm_id");
    if name.is_none() && id.is_none() {
        return Err(GraphError::required("name"));
    }
    let before = call.world.templates.len();
    let node = call.node;
    call.world.templates.retain(|template| {
        let meant = template.waba_id == node
            && name.as_ref().is_none_or(|name| *name == template.name)
            && id.as_ref().is_none_or(|id| *id == template.id);
        !meant
    });
    if call.world.templates.len() == before {
        return Err(GraphError::for_user(
            2_593_002,
            "Message Template Not Found",
            "The message template was not found.",
        ));
    }
    Ok(Reply::success())
}
