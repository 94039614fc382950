//! Groups of the Groups API.

use serde::Serialize;
use serde_json::{Value, json};

/// A group that a business number made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Group {
    /// Group id, used as `to` with `recipient_type: group`.
    pub id: String,
    /// The business number that is in the group.
    pub phone_number_id: String,
    /// wa_ids of the members besides the business.
    pub participants: Vec<String>,
    /// What the group is called.
    pub subject: String,
    /// What it is for.
    pub description: Option<String>,
    /// Whether the business has to approve who joins.
    pub approval_required: bool,
    /// The last part of `https://chat.whatsapp.com/…`; `None` after it was deleted.
    pub invite: Option<String>,
    /// People who asked to join.
    pub join_requests: Vec<JoinRequest>,
    /// Closed by WhatsApp.
    pub suspended: bool,
    /// Unix seconds.
    pub created_at: u64,
}

/// Someone who wants to join a group that needs an approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct JoinRequest {
    /// Id of the request.
    pub id: String,
    /// Who asks.
    pub wa_id: String,
    /// Unix seconds.
    pub created_at: u64,
}

impl Group {
    /// The whole address of the invitation.
    pub(crate) fn invite_link(&self) -> Option<String> {
        self.invite
            .as_ref()
            .map(|invite| format!("https://chat.whatsapp.com/{invite}"))
    }

    pub(crate) fn join_approval_mode(&self) -> &'static str {
        if self.approval_required {
            "approval_required"
        } else {
            "auto_approve"
        }
    }

    /// Every field that can be asked for with `fields`.
    pub(crate) fn graph_fields(&self) -> Value {
        let participants: Vec<Value> = self
            .participants
            .iter()
            .map(|wa_id| json!({ "wa_id": wa_id }))
            .collect();
        json!({
            "id": self.id,
            "messaging_product": "whatsapp",
            "subject": self.subject,
            "description": self.description,
            "join_approval_mode": self.join_approval_mode(),
            "suspended": self.suspended,
            "creation_timestamp": self.created_at,
            "participants": participants,
            "total_participant_count": self.participants.len(),
        })
    }
}
