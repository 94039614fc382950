//! Values for variables that a template does not have.

use super::fields::Field;
use super::part::value_place;
use crate::fault::{Fallible, invalid};
use crate::json::alike;
use crate::prelude::*;
use serde_json::{Map, Value};

/// Refuses a value whose name no field has; says which names there are, and which one may be meant.
pub fn check_names(values: &Map<String, Value>, fields: &[Field<'_>]) -> Fallible<()> {
    // A map: a template may have thousands of variables, and a caller as many values.
    let mut expected: Map<String, Value> = Map::new();
    for field in fields {
        expected.insert(field.name.clone(), Value::Null);
    }
    for name in values.keys() {
        if expected.contains_key(name) {
            continue;
        }
        let mut names = String::new();
        let mut near: Option<&str> = None;
        let mut last = "";
        for field in fields {
            let known = field.name.as_str();
            // The code of an authentication template is two fields of one name.
            if known == last {
                continue;
            }
            last = known;
            names.push_str(if names.is_empty() { "" } else { ", " });
            names.push_str(known);
            // A field that is filled in is not what is meant.
            let is_open = values.get(known).is_none_or(Value::is_null);
            if is_open
                && (known.eq_ignore_ascii_case(name) || near.is_none() && is_near(known, name))
            {
                near = Some(known);
            }
        }
        let problem = match names.as_str() {
            "" => "the template has no variables",
            names => &["the template has no such variable; it has ", names].joined(""),
        };
        let advice = match near {
            Some(near) => &["Did you mean `", near, "`?"].joined(""),
            None => "Remove it, or correct its name.",
        };
        return Err(invalid(&value_place(name), problem, advice));
    }
    Ok(())
}

/// Whether this name may be meant; one may also lack its beginning (`first_name` for `body_first_name`).
fn is_near(known: &str, name: &str) -> bool {
    let rest = known.strip_suffix(name);
    alike(known, name) || rest.is_some_and(|rest| rest.ends_with('_'))
}

#[cfg(test)]
mod tests {
    use super::is_near;

    #[test]
    fn a_misspelt_name_is_recognised_and_another_one_is_not() {
        for (known, name) in [
            ("body_1", "body1"),
            ("body_1", "1"),
            ("body_first_name", "first_name"),
            ("body_first_name", "body_frist_name"),
            ("body_first_name", "bodyFirstName"),
            ("button_0_url_suffix", "button_1_url_suffix"),
            ("one_time_password", "password"),
        ] {
            assert!(is_near(known, name), "{known} {name}");
        }
        for name in ["customer", "x", "#"] {
            assert!(!is_near("body_first_name", name), "{name}");
        }
    }
}
