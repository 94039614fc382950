//! `send-product`, `send-product-list`, `send-catalog`.

use super::choices::section_title;
use super::interactive::{BODY_MAX, Texts, check_count, send};
use crate::contract::exports::whatsapp::connector::interactive::{
    Catalog, Product, ProductList, ProductSection,
};
use crate::contract::whatsapp::connector::types::Sent;
use crate::fault::{Fallible, check_text, invalid};
use crate::graph::Graph;
use crate::json::Object;
use crate::prelude::*;
use serde_json::Value;

/// Most sections of a list of products. Source: Meta's OpenAPI document.
pub const SECTIONS_MAX: usize = 10;

/// Most products over all sections. Source: Meta's OpenAPI document.
pub const PRODUCTS_MAX: usize = 30;

/// Sends one product.
pub fn send_product(graph: &Graph<'_>, input: Product) -> Fallible<Sent> {
    check_text("catalog_id", &input.catalog_id, usize::MAX)?;
    check_text(
        "product_retailer_id",
        &input.product_retailer_id,
        usize::MAX,
    )?;
    let texts = Texts {
        header: None,
        header_files: false,
        body: input.body.as_deref(),
        body_max: BODY_MAX,
        footer: input.footer.as_deref(),
    };
    let action = Object::new()
        .with("catalog_id", input.catalog_id.as_str())
        .with("product_retailer_id", input.product_retailer_id.as_str());
    send(graph, &input.address, "product", texts, action)
}

/// Sends several products.
pub fn send_product_list(graph: &Graph<'_>, input: ProductList) -> Fallible<Sent> {
    check_text("catalog_id", &input.catalog_id, usize::MAX)?;
    let texts = Texts {
        header: Some(&input.header),
        header_files: false,
        footer: input.footer.as_deref(),
        ..Texts::body(&input.body)
    };
    let action = Object::new()
        .with("catalog_id", input.catalog_id.as_str())
        .with("sections", sections(&input.sections)?);
    send(graph, &input.address, "product_list", texts, action)
}

fn sections(input: &[ProductSection]) -> Fallible<Vec<Value>> {
    check_count("sections", input.len(), 1, SECTIONS_MAX)?;
    let count = input
        .iter()
        .map(|section| section.product_retailer_ids.len())
        .sum::<usize>();
    if count > PRODUCTS_MAX {
        return Err(invalid(
            "sections",
            &format!("at most {PRODUCTS_MAX} products over all sections, got {count}"),
            "Leave products out, or send two lists.",
        ));
    }
    let mut output = Vec::new();
    for (position, section) in input.iter().enumerate() {
        let place = format!("sections[{position}]");
        section_title(&place, section.title.as_deref(), input.len())?;
        let field = format!("{place}.product_retailer_ids");
        check_count(&field, section.product_retailer_ids.len(), 1, PRODUCTS_MAX)?;
        let mut items = Vec::new();
        for (position, id) in section.product_retailer_ids.iter().enumerate() {
            check_text(&format!("{field}[{position}]"), id, usize::MAX)?;
            items.push(
                Object::new()
                    .with("product_retailer_id", id.as_str())
                    .into(),
            );
        }
        output.push(
            Object::new()
                .with_some("title", section.title.as_deref())
                .with("product_items", Value::Array(items))
                .into(),
        );
    }
    Ok(output)
}

/// Sends the catalog.
pub fn send_catalog(graph: &Graph<'_>, input: Catalog) -> Fallible<Sent> {
    let parameters = input
        .thumbnail_product_retailer_id
        .as_deref()
        .map(|id| Object::new().with("thumbnail_product_retailer_id", id));
    let action = Object::new()
        .with("name", "catalog_message")
        .with_some("parameters", parameters);
    let texts = Texts::body(&input.body).with(&None, &input.footer);
    send(graph, &input.address, "catalog_message", texts, action)
}
