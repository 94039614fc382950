//! `health_status`: whether everything that takes part in sending can send.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::World;

/// Something that limits or blocks messaging. The simulator shows it in `health_status`; messages go out nevertheless.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HealthProblem {
    /// Id of the number, WABA, template, portfolio or app it is about.
    pub entity_id: String,
    /// `LIMITED` or `BLOCKED`.
    pub can_send_message: String,
    /// Such as 141006 (payment method) or 141010 (portfolio not verified).
    pub error_code: u32,
    /// `error_description`.
    pub description: String,
    /// `possible_solution`.
    pub solution: String,
}

impl HealthProblem {
    /// A problem that blocks messaging.
    pub fn blocked(
        entity_id: impl Into<String>,
        error_code: u32,
        description: &str,
        solution: &str,
    ) -> Self {
        Self {
            entity_id: entity_id.into(),
            can_send_message: "BLOCKED".into(),
            error_code,
            description: description.into(),
            solution: solution.into(),
        }
    }

    /// The same problem, which only limits messaging.
    #[must_use]
    pub fn limited(mut self) -> Self {
        self.can_send_message = "LIMITED".into();
        self
    }
}

/// From best to worst; the worst of all entities is the status of the whole.
static SEVERITY: &[&str] = &["AVAILABLE", "LIMITED", "BLOCKED"];

fn worse<'a>(one: &'a str, other: &'a str) -> &'a str {
    let rank = |status: &str| SEVERITY.iter().position(|known| *known == status);
    if rank(other) > rank(one) { other } else { one }
}

/// The `health_status` of a number or template of this WABA (`first`: its type, id and own problem), or of the WABA alone.
pub(crate) fn status(
    world: &World,
    first: Option<(&str, &str, Option<HealthProblem>)>,
    waba_id: &str,
) -> Value {
    let mut entities: Vec<(&str, &str, Option<HealthProblem>)> = Vec::new();
    entities.extend(first);
    entities.push(("WABA", waba_id, None));
    let owner = world
        .waba(waba_id)
        .and_then(|waba| waba.owner_business_id.as_deref());
    entities.extend(owner.map(|id| ("BUSINESS", id, None)));
    entities.push(("APP", &world.app.id, None));

    let mut overall = "AVAILABLE".to_owned();
    let mut shown = Vec::new();
    for (kind, id, own) in entities {
        let problems: Vec<&HealthProblem> = own
            .iter()
            .chain(
                world
                    .health_problems
                    .iter()
                    .filter(|problem| problem.entity_id == id),
            )
            .collect();
        let can_send = problems.iter().fold("AVAILABLE", |worst, problem| {
            worse(worst, &problem.can_send_message)
        });
        overall = worse(&overall, can_send).to_owned();
        let mut entity = Map::new();
        entity.insert("entity_type".into(), json!(kind));
        entity.insert("id".into(), json!(id));
        entity.insert("can_send_message".into(), json!(can_send));
        if !problems.is_empty() {
            let errors: Vec<Value> = problems
                .iter()
                .map(|problem| {
                    json!({
                        "error_code": problem.error_code,
                        "error_description": problem.description,
                        "possible_solution": problem.solution,
                    })
                })
                .collect();
            entity.insert("errors".into(), json!(errors));
        }
        shown.push(Value::Object(entity));
    }
    json!({"can_send_message": overall, "entities": shown})
}
