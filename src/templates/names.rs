//! Values for variables that a template does not have.

use super::fields::Field;
use crate::fault::{Fallible, invalid, path};
use crate::json::alike;
use crate::prelude::*;
use serde_json::{Map, Value};

/// Refuses a value whose name no field has; says which names there are, and which one may be meant.
pub fn check_names(values: &Map<String, Value>, fields: &[Field<'_>]) -> Fallible<()> {
    let known = |name: &&String| !fields.iter().any(|field| field.name == **name);
    let Some(name) = values.keys().find(known) else {
        return Ok(());
    };
    let mut names: Vec<&str> = Vec::new();
    for field in fields {
        // The code of an authentication template is several fields of one name.
        if !names.contains(&field.name.as_str()) {
            names.push(&field.name);
        }
    }
    let near = nearest(&names, name);
    let advice = near.map(|near| format!("Did you mean `{near}`?"));
    let names = if names.is_empty() {
        "none".to_owned()
    } else {
        names.joined(", ")
    };
    Err(invalid(
        &path("values", name),
        &format!("the template has no such variable; it has {names}"),
        &advice.unwrap_or_else(|| "Remove it, or correct its name.".to_owned()),
    ))
}

/// The name that may be meant; one may also lack its beginning (`first_name` for `body_first_name`).
fn nearest<'n>(names: &[&'n str], name: &str) -> Option<&'n str> {
    let same = |known: &&&str| known.eq_ignore_ascii_case(name);
    let end = |known: &str| {
        known
            .strip_suffix(name)
            .is_some_and(|rest| rest.ends_with('_'))
    };
    let near = |known: &&&str| alike(known, name) || end(known);
    let found = names.iter().find(same).or(names.iter().find(near));
    found.copied()
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_misspelt_name_is_recognised_and_another_one_is_not() {
        let names = [
            "header_image",
            "body_1",
            "body_2",
            "body_first_name",
            "one_time_password",
            "button_0_url_suffix",
        ];
        for (name, near) in [
            ("Header-Image", Some("header_image")),
            ("header", Some("header_image")),
            ("1", Some("body_1")),
            ("body1", Some("body_1")),
            ("Body_2", Some("body_2")),
            ("body_3", Some("body_1")),
            ("first_name", Some("body_first_name")),
            ("body_frist_name", Some("body_first_name")),
            ("bodyFirstName", Some("body_first_name")),
            ("button_1_url_suffix", Some("button_0_url_suffix")),
            ("password", Some("one_time_password")),
            ("customer", None),
            ("x", None),
            ("#", None),
            ("", None),
        ] {
            assert_eq!(nearest(&names, name), near, "{name}");
        }
    }
}
