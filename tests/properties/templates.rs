//! From any template by its form to components: what is filled in goes out, at its place, and nothing else.

use super::{FEW, config};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Map, Value, json};
use whatsapp_connector::contract::whatsapp::connector::types::Error;
use whatsapp_connector::templates::{compile, form};

/// A part of a template: its definition, the values for it, and what has to be sent.
#[derive(Clone, Debug, Default)]
struct Part {
    definition: Vec<Value>,
    values: Vec<(String, Value)>,
    sent: Vec<Value>,
    /// The values that may be left out.
    optional: Vec<String>,
}

impl Part {
    fn new(definition: Value) -> Self {
        Self {
            definition: vec![definition],
            ..Self::default()
        }
    }

    fn given(mut self, name: &str, value: Value, sent: Value) -> Self {
        self.values.push((name.to_owned(), value));
        self.sent.push(sent);
        self
    }
}

/// A value of a variable: one line, without what Meta refuses.
fn line() -> impl Strategy<Value = String> {
    "[A-Za-z0-9é€\u{1f600}]([A-Za-z0-9é€. ]? ?[a-z]){0,6}"
}

fn header() -> impl Strategy<Value = Part> {
    let text = line().prop_map(|value| {
        let sent = json!({"type": "header", "parameters": [{"type": "text", "text": value}]});
        Part::new(json!({"type": "HEADER", "format": "TEXT", "text": "A {{1}}"})).given(
            "header_text",
            value.into(),
            sent,
        )
    });
    let file = (
        select(&["image", "video", "gif"][..]),
        "[0-9]{1,12}",
        any::<bool>(),
    );
    let file = file.prop_map(|(kind, id, is_link)| {
        let value = match is_link {
            true => json!({"link": format!("https://a.example/{id}")}),
            false => json!({"id": id}),
        };
        let sent = json!({"type": "header", "parameters": [{"type": kind, kind: value}]});
        let definition = json!({"type": "HEADER", "format": kind.to_ascii_uppercase()});
        Part::new(definition).given(&format!("header_{kind}"), value, sent)
    });
    let fixed = Just(Part::new(
        json!({"type": "HEADER", "format": "TEXT", "text": "No variable"}),
    ));
    prop_oneof![text, file, fixed, Just(Part::default())]
}

/// A body with numbered variables in any order, each once or twice.
fn body() -> impl Strategy<Value = Part> {
    let values = prop::collection::vec(line(), 0..5);
    (values, prop::collection::vec(any::<Index>(), 0..8)).prop_map(|(values, more)| {
        let mut text = String::from("Dear,");
        let mut order: Vec<usize> = (0..values.len()).collect();
        for index in more {
            if !values.is_empty() {
                let number = index.index(values.len());
                order.insert(index.index(order.len() + 1), number);
            }
        }
        for number in order {
            text += &format!(" x {{{{{}}}}}", number + 1);
        }
        let mut part = Part::new(json!({"type": "BODY", "text": text}));
        let mut parameters = Vec::new();
        for (index, value) in values.into_iter().enumerate() {
            parameters.push(json!({"type": "text", "text": value}));
            part.values
                .push((format!("body_{}", index + 1), value.into()));
        }
        if !parameters.is_empty() {
            part.sent
                .push(json!({"type": "body", "parameters": parameters}));
        }
        part
    })
}

/// The same with variables that have names: they go out in the order of the text.
fn named_body() -> impl Strategy<Value = Part> {
    prop::collection::btree_map("[a-z]{3,8}", line(), 1..5).prop_map(|values| {
        let mut text = String::from("Dear,");
        let mut part = Part::default();
        let mut parameters = Vec::new();
        for (name, value) in values {
            text += &format!(" x {{{{{name}}}}}");
            parameters.push(json!({"type": "text", "text": value, "parameter_name": name}));
            part.values.push((format!("body_{name}"), value.into()));
        }
        part.definition.push(json!({"type": "BODY", "text": text}));
        part.sent
            .push(json!({"type": "body", "parameters": parameters}));
        part
    })
}

/// One button at a position.
fn button((position, kind, value): (usize, &str, String)) -> Part {
    let sent = |kind: &str, parameter: Value| json!({"type": "button", "sub_type": kind, "index": position.to_string(), "parameters": [parameter]});
    let name = |what: &str| format!("button_{position}_{what}");
    let suffix = value.replace(' ', "-");
    match kind {
        "url" => Part::new(json!({"type": "URL", "text": "Go", "url": "https://a.example/{{1}}"}))
            .given(&name("url_suffix"), suffix.clone().into(), sent("url", json!({"type": "text", "text": suffix}))),
        "copy_code" => Part::new(json!({"type": "COPY_CODE", "text": "Copy"})).given(
            &name("copy_code"),
            suffix.chars().take(15).collect::<String>().into(),
            sent("copy_code", json!({"type": "coupon_code", "coupon_code": suffix.chars().take(15).collect::<String>()})),
        ),
        "quick_reply" => {
            let mut part = Part::new(json!({"type": "QUICK_REPLY", "text": "Yes"}))
                .given(&name("payload"), value.clone().into(), sent("quick_reply", json!({"type": "payload", "payload": value})));
            part.optional.push(name("payload"));
            part
        }
        _ => Part::new(json!({"type": "PHONE_NUMBER", "text": "Call", "phone_number": "+16505551234"})),
    }
}

fn buttons() -> impl Strategy<Value = Part> {
    let kinds = select(&["url", "copy_code", "quick_reply", "phone"][..]);
    prop::collection::vec((kinds, line()), 0..5).prop_map(|buttons| {
        let mut whole = Part::default();
        let mut definitions = Vec::new();
        for (position, (kind, value)) in buttons.into_iter().enumerate() {
            let part = button((position, kind, value));
            definitions.extend(part.definition.clone());
            join(
                &mut whole,
                Part {
                    definition: Vec::new(),
                    ..part
                },
            );
        }
        if !definitions.is_empty() {
            whole
                .definition
                .push(json!({"type": "BUTTONS", "buttons": definitions}));
        }
        whole
    })
}

fn join(whole: &mut Part, part: Part) {
    whole.definition.extend(part.definition);
    whole.values.extend(part.values);
    whole.sent.extend(part.sent);
    whole.optional.extend(part.optional);
}

/// Header, body and buttons.
fn parts() -> impl Strategy<Value = Part> {
    (header(), body(), buttons()).prop_map(|(header, body, buttons)| {
        let mut whole = header;
        join(&mut whole, body);
        join(&mut whole, buttons);
        whole
    })
}

/// A carousel of cards that are all alike but for their values.
fn cards() -> impl Strategy<Value = Part> {
    (parts(), 1..4_usize).prop_map(|(card, count)| {
        let mut whole = Part::default();
        let (mut definitions, mut sent) = (Vec::new(), Vec::new());
        for position in 0..count {
            definitions.push(json!({"components": card.definition}));
            let name = |name: &String| format!("card_{position}_{name}");
            for (of, value) in &card.values {
                whole.values.push((name(of), value.clone()));
            }
            whole.optional.extend(card.optional.iter().map(name));
            sent.push(json!({"card_index": position, "components": card.sent}));
        }
        whole
            .definition
            .push(json!({"type": "BODY", "text": "Look"}));
        whole
            .definition
            .push(json!({"type": "CAROUSEL", "cards": definitions}));
        if !card.sent.is_empty() {
            whole.sent.push(json!({"type": "carousel", "cards": sent}));
        }
        whole
    })
}

fn template(part: &Part) -> Value {
    let format = match part
        .sent
        .iter()
        .any(|sent| sent.to_string().contains("parameter_name"))
    {
        true => "NAMED",
        false => "POSITIONAL",
    };
    json!({
        "name": "n", "language": "en", "status": "APPROVED", "category": "MARKETING",
        "parameter_format": format, "components": part.definition,
    })
}

/// Describes, fills in and compiles.
fn round(part: &Part) -> Result<(), TestCaseError> {
    let template = template(part);
    let described = form(&template).unwrap();
    let mut asked: Vec<_> = described["properties"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    let mut names: Vec<_> = part.values.iter().map(|(name, _)| name.clone()).collect();
    asked.sort();
    names.sort();
    prop_assert_eq!(asked, names);
    let values: Map<String, Value> = part.values.iter().cloned().collect();
    let compiled = compile("template.status", &template, &values.clone().into());
    prop_assert_eq!(compiled.as_ref(), Ok(&part.sent));
    // It was only read.
    prop_assert_eq!(form(&template).unwrap(), described.clone());
    for (name, _) in &part.values {
        let mut fewer = values.clone();
        fewer.remove(name);
        let compiled = compile("template.status", &template, &fewer.into());
        let is_required = described["required"]
            .as_array()
            .unwrap()
            .contains(&name.as_str().into());
        prop_assert_eq!(is_required, !part.optional.contains(name));
        match compiled {
            Ok(_) => prop_assert!(!is_required, "{} is required", name),
            Err(error) => {
                prop_assert!(is_required, "{} is not required: {:?}", name, error);
                let Error::PermanentInvalidInput(fault) = *error else {
                    panic!("{error:?}");
                };
                prop_assert_eq!(fault.field, Some(format!("values.{name}")));
            }
        }
    }
    let mut more = values;
    more.insert("no_such_value".to_owned(), "x".into());
    let refused = compile("template.status", &template, &more.into());
    let is_named =
        refused.is_err_and(|error| format!("{error:?}").contains("values.no_such_value"));
    prop_assert!(is_named);
    Ok(())
}

proptest! {
    #![proptest_config(config(FEW))]

    #[test]
    fn what_is_filled_in_goes_out_at_its_place(part in parts()) {
        round(&part)?;
    }

    #[test]
    fn names_go_out_as_names(part in named_body()) {
        round(&part)?;
    }

    #[test]
    fn cards_are_filled_in_one_by_one(part in cards()) {
        round(&part)?;
    }
}
