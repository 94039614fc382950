//! What an id in a path names.

use crate::endpoints::{business, flows, groups, media, number, templates, waba};
use crate::world::{Token, World};

/// What kind of object an id names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NodeKind {
    App,
    Business,
    Flow,
    Group,
    Media,
    PhoneNumber,
    Template,
    User,
    Waba,
}

impl NodeKind {
    /// Meta's type names, as in "nonexisting field" errors.
    pub(crate) fn type_name(self) -> &'static str {
        match self {
            Self::App => business::APP_TYPE,
            Self::Business => business::NODE_TYPE,
            Self::Flow => flows::NODE_TYPE,
            Self::Group => groups::NODE_TYPE,
            Self::Media => media::NODE_TYPE,
            Self::PhoneNumber => number::NODE_TYPE,
            Self::Template => templates::NODE_TYPE,
            Self::User => business::USER_TYPE,
            Self::Waba => waba::NODE_TYPE,
        }
    }
}

/// An object that the token may see.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub kind: NodeKind,
    /// Its id, also when the path named it `me` or `app`.
    pub id: String,
    /// The WABA it belongs to, whose rate limit counts.
    pub waba_id: Option<String>,
}

/// The object of a path. One that the token was not granted for looks like one that does not exist: `None`.
pub(crate) fn find(world: &World, token: &Token, id: &str, now_ms: u64) -> Option<Node> {
    let id = match id {
        "me" => &token.user_id,
        "app" => &token.app_id,
        id => id,
    };
    let node = |kind| Node {
        kind,
        id: id.to_owned(),
        waba_id: None,
    };
    if id == token.app_id && id == world.app.id {
        return Some(node(NodeKind::App));
    }
    // An app's own token stands for no user.
    if id == token.user_id && token.kind != "APP" {
        return Some(node(NodeKind::User));
    }
    if world.businesses.iter().any(|business| business.id == id) {
        return world
            .token_sees_business(token, id)
            .then(|| node(NodeKind::Business));
    }
    let (kind, waba_id) = of_waba(world, id, now_ms)?;
    token.covers_waba(&waba_id).then(|| Node {
        waba_id: Some(waba_id),
        ..node(kind)
    })
}

/// Objects that belong to a WABA.
fn of_waba(world: &World, id: &str, now_ms: u64) -> Option<(NodeKind, String)> {
    let waba_of = |number_id: &str| {
        let number = world.phone_number(number_id);
        number
            .map(|number| number.waba_id.clone())
            .unwrap_or_default()
    };
    if let Some(number) = world.phone_number(id) {
        return Some((NodeKind::PhoneNumber, number.waba_id.clone()));
    }
    if world.waba(id).is_some() {
        return Some((NodeKind::Waba, id.to_owned()));
    }
    let lives = |media: &&crate::world::Media| media.id == id && media.expires_at_ms > now_ms;
    if let Some(media) = world.media.iter().find(lives) {
        return Some((NodeKind::Media, waba_of(&media.phone_number_id)));
    }
    if let Some(flow) = world.flows.iter().find(|flow| flow.id == id) {
        return Some((NodeKind::Flow, flow.waba_id.clone()));
    }
    if let Some(group) = world.groups.iter().find(|group| group.id == id) {
        return Some((NodeKind::Group, waba_of(&group.phone_number_id)));
    }
    let template = world.templates.iter().find(|template| template.id == id)?;
    Some((NodeKind::Template, template.waba_id.clone()))
}
