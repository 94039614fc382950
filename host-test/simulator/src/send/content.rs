//! The message types other than interactive and template, and what all types have in common.

use serde_json::{Map, Value};

use super::checks::{at_most, invalid, missing, object_of, required_text};
use super::interactive;
use super::template::AskedTemplate;
use crate::endpoints::media::bare_mime;
use crate::graph_error::GraphError;
use crate::request::scalar_text;
use crate::world::{PhoneNumber, World};

/// Code points of a text body (text-messages page).
const TEXT_CHARACTERS: usize = 4096;
/// Code points of a caption (image, video and document pages).
const CAPTION_CHARACTERS: usize = 1024;
/// Contacts in one message (contacts-messages page; the OpenAPI document says 5).
const CONTACTS: usize = 257;

type Check = fn(&Value, &mut Content) -> Result<(), GraphError>;

/// The message types in the order in which Meta's error lists them.
static TYPES: &[(&str, Check)] = &[
    ("audio", |object, content| {
        media("audio", false, object, content)
    }),
    ("contacts", |_, _| Ok(())),
    ("document", |object, content| {
        media("document", true, object, content)
    }),
    ("image", |object, content| {
        media("image", true, object, content)
    }),
    ("interactive", interactive::check),
    ("location", location),
    ("pin", |object, _| {
        required_text(object, "pin", "message_id").map(drop)
    }),
    ("reaction", reaction),
    ("sticker", |object, content| {
        media("sticker", false, object, content)
    }),
    ("template", |object, content| {
        content.template = Some(AskedTemplate::read(object, &mut content.media)?);
        Ok(())
    }),
    ("text", text),
    ("video", |object, content| {
        media("video", true, object, content)
    }),
];

/// MIME types that a message of a type can carry; others are accepted and then fail with 131053.
static CARRIED: &[(&str, &[&str])] = &[
    (
        "audio",
        &[
            "audio/aac",
            "audio/amr",
            "audio/mp4",
            "audio/mpeg",
            "audio/ogg",
            "audio/opus",
        ],
    ),
    ("image", &["image/jpeg", "image/png"]),
    ("sticker", &["image/webp"]),
    ("video", &["video/3gpp", "video/mp4"]),
];

/// A checked message.
#[derive(Clone, Debug, Default)]
pub(super) struct Content {
    /// The message type in lower case.
    pub kind: String,
    pub template: Option<AskedTemplate>,
    /// Media ids the message refers to, with the type they are used as and the parameter that names them.
    pub media: Vec<MediaUse>,
    /// The flow that the message opens.
    pub flow: Option<FlowUse>,
    /// The message a reaction is for.
    pub reaction_to: Option<String>,
    /// `recipient_identity_key_hash`.
    pub identity_key_hash: Option<String>,
}

/// A flow in a message.
#[derive(Clone, Debug)]
pub(super) struct FlowUse {
    /// Its id or its name.
    pub named: String,
    /// Whether the draft is meant.
    pub draft: bool,
}

/// A media id in a message.
#[derive(Clone, Debug)]
pub(super) struct MediaUse {
    pub id: String,
    pub kind: String,
    pub parameter: String,
}

/// The type of the message; text when absent (send-messages page).
pub(super) fn kind(params: &Map<String, Value>) -> Result<&'static str, GraphError> {
    let given = params.get("type").and_then(scalar_text);
    let given = given.as_deref().unwrap_or("text");
    TYPES
        .iter()
        .map(|(name, _)| *name)
        .find(|name| name.eq_ignore_ascii_case(given))
        .ok_or_else(|| {
            let names: Vec<_> = TYPES.iter().map(|(name, _)| *name).collect();
            GraphError::one_of("type", &names, given)
        })
}

pub(super) fn read(params: &Map<String, Value>) -> Result<Content, GraphError> {
    let kind = kind(params)?;
    let mut content = Content {
        kind: kind.into(),
        identity_key_hash: params
            .get("recipient_identity_key_hash")
            .and_then(scalar_text),
        ..Content::default()
    };
    if kind == "contacts" {
        contacts(params)?;
        return Ok(content);
    }
    let object = object_of(params, kind)?;
    if let Some((_, check)) = TYPES.iter().find(|(name, _)| *name == kind) {
        check(object, &mut content)?;
    }
    Ok(content)
}

fn text(object: &Value, _: &mut Content) -> Result<(), GraphError> {
    let body = required_text(object, "text", "body")?;
    at_most("text['body']", &body, TEXT_CHARACTERS)
}

fn location(object: &Value, _: &mut Content) -> Result<(), GraphError> {
    for (name, bound) in [("latitude", 90.0), ("longitude", 180.0)] {
        let given = required_text(object, "location", name)?;
        let in_range = given
            .trim()
            .parse::<f64>()
            .is_ok_and(|degrees| degrees.abs() <= bound);
        if !in_range {
            return Err(invalid(format!(
                "Param location['{name}'] must be a number between -{bound} and {bound}"
            )));
        }
    }
    Ok(())
}

/// An empty emoji removes the reaction.
fn reaction(object: &Value, content: &mut Content) -> Result<(), GraphError> {
    content.reaction_to = Some(required_text(object, "reaction", "message_id")?);
    if object.get("emoji").is_none_or(|emoji| !emoji.is_string()) {
        return Err(GraphError::required("reaction['emoji']"));
    }
    Ok(())
}

fn contacts(params: &Map<String, Value>) -> Result<(), GraphError> {
    let contacts = match params.get("contacts") {
        Some(Value::Array(contacts)) if !contacts.is_empty() => contacts,
        Some(Value::Array(_)) | None => {
            return Err(missing(
                "Parameter 'contacts' is mandatory for type 'contacts'",
            ));
        }
        Some(_) => return Err(GraphError::param("Param contacts must be an array.")),
    };
    if contacts.len() > CONTACTS {
        return Err(invalid(format!(
            "Param contacts must have at most {CONTACTS} elements"
        )));
    }
    for (at, contact) in contacts.iter().enumerate() {
        let name = contact.get("name").unwrap_or(&Value::Null);
        required_text(name, &format!("contacts[{at}]['name']"), "formatted_name")?;
    }
    Ok(())
}

fn media(
    kind: &str,
    caption_allowed: bool,
    object: &Value,
    content: &mut Content,
) -> Result<(), GraphError> {
    media_object(object, kind, kind, &mut content.media)?;
    if let Some(caption) = object.get("caption") {
        if !caption_allowed {
            return Err(GraphError::param(format_args!(
                "Unexpected key \"caption\" on param \"{kind}\"."
            )));
        }
        let path = format!("{kind}['caption']");
        at_most(
            &path,
            caption.as_str().unwrap_or_default(),
            CAPTION_CHARACTERS,
        )?;
    }
    Ok(())
}

/// Exactly one of `id` and `link`; `path` is how the client knows the object.
pub(super) fn media_object(
    object: &Value,
    kind: &str,
    path: &str,
    uses: &mut Vec<MediaUse>,
) -> Result<(), GraphError> {
    let given = |name| {
        object
            .get(name)
            .and_then(scalar_text)
            .filter(|text: &String| !text.is_empty())
    };
    match (given("id"), given("link")) {
        (Some(_), Some(_)) => Err(invalid(format!(
            "Param {path} must have either id or link, not both"
        ))),
        (None, None) => Err(missing(format!(
            "Parameter '{path}' must have one of 'id' and 'link'"
        ))),
        (Some(id), None) => {
            uses.push(MediaUse {
                id,
                kind: kind.to_owned(),
                parameter: format!("{path}['id']"),
            });
            Ok(())
        }
        (None, Some(link)) => {
            let web = ["http://", "https://"].iter().any(|scheme| {
                link.get(..scheme.len())
                    .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
                    && link.len() > scheme.len()
            });
            if web {
                return Ok(());
            }
            Err(GraphError::param(format_args!(
                "Param {path}['link'] is not a valid URI."
            )))
        }
    }
}

impl Content {
    /// Refuses ids of media that are not there (code 100: that is what the live API answers, not the 131053 which its
    /// page lists for uploads), and foresees the failure of media that do not fit the message type (131053, by webhook).
    pub(super) fn check_media(
        &self,
        world: &World,
        sender: &PhoneNumber,
        now_ms: u64,
    ) -> Result<(), GraphError> {
        for media_use in &self.media {
            find_media(world, sender, media_use, now_ms).ok_or_else(|| {
                GraphError::param(format_args!(
                    "Param {} is not a valid whatsapp business account media attachment ID",
                    media_use.parameter
                ))
            })?;
        }
        Ok(())
    }

    /// Refuses a flow of the WABA that is not in a state to be sent; flows that the world does not know are let through.
    pub(super) fn check_flow(&self, world: &World, sender: &PhoneNumber) -> Result<(), GraphError> {
        let Some(asked) = &self.flow else {
            return Ok(());
        };
        let flow = world.flows.iter().find(|flow| {
            flow.waba_id == sender.waba_id && (flow.id == asked.named || flow.name == asked.named)
        });
        match flow.map(|flow| flow.status.as_str()) {
            Some("DRAFT") if !asked.draft => Err(invalid(
                "The flow is a draft: publish it, or send it with mode draft",
            )),
            Some("DEPRECATED") => Err(invalid("The flow is deprecated")),
            Some("BLOCKED") => Err(GraphError::new(132_068)),
            Some("THROTTLED") => Err(GraphError::new(132_069)),
            _ => Ok(()),
        }
    }

    /// Why the media of this message cannot be delivered.
    pub(super) fn media_problem(&self, world: &World) -> Option<String> {
        self.media.iter().find_map(|media_use| {
            let (_, carried) = CARRIED.iter().find(|(kind, _)| *kind == media_use.kind)?;
            let media = world.media.iter().find(|media| media.id == media_use.id)?;
            let mime = bare_mime(&media.mime_type);
            (!carried.contains(&mime.as_str())).then(|| {
                let mut kind = media_use.kind.clone();
                if let Some(first) = kind.get_mut(..1) {
                    first.make_ascii_uppercase();
                }
                format!(
                    "Unsupported {kind} mime type {mime}. Please use one of {}.",
                    carried.join(", ")
                )
            })
        })
    }
}

/// A media object that the sender may use: uploaded with a number of the same WABA and not expired.
fn find_media<'a>(
    world: &'a World,
    sender: &PhoneNumber,
    media_use: &MediaUse,
    now_ms: u64,
) -> Option<&'a crate::world::Media> {
    let media = world.media.iter().find(|media| media.id == media_use.id)?;
    let owner = world.phone_number(&media.phone_number_id)?;
    (owner.waba_id == sender.waba_id && media.expires_at_ms > now_ms).then_some(media)
}
