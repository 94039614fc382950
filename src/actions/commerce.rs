//! `send-product`, `send-product-list`, `send-catalog`.

use super::choices::check_sections;
use super::interactive::send;
use super::output::List;
use crate::fault::Fallible;
use crate::graph::Graph;
use crate::json::{Input, Object};
use crate::prelude::*;
use serde_json::Value;

/// Most products over all sections. Source: Meta's OpenAPI document.
pub const PRODUCTS_MAX: usize = 30;

/// Sends one product.
pub fn send_product(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let action = input.pick(&["catalog_id", "product_retailer_id"]);
    send(graph, input, "product", false, action)
}

/// Sends several products.
pub fn send_product_list(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let sections = sections("sections", input.objects("sections"))?;
    let action = input.pick(&["catalog_id"]).with("sections", sections);
    send(graph, input, "product_list", false, action)
}

/// Sections of products at `place`, in Meta's shape.
pub fn sections(place: &str, sections: Vec<Input<'_>>) -> Fallible<Value> {
    check_sections(place, &sections, "product_retailer_ids", PRODUCTS_MAX)?;
    let mut output = List::default();
    for section in sections {
        let mut items = List::default();
        for id in section.texts("product_retailer_ids") {
            items.push(Object::new().with("product_retailer_id", id));
        }
        output.push(section.pick(&["title"]).with("product_items", items));
    }
    Ok(output.into())
}

/// Sends the catalog.
pub fn send_catalog(graph: &Graph<'_>, input: &Input<'_>) -> Fallible<Value> {
    let thumbnail = "thumbnail_product_retailer_id";
    let parameters = input.has(thumbnail).then(|| input.pick(&[thumbnail]));
    let action = Object::new()
        .with("name", "catalog_message")
        .with_some("parameters", parameters);
    send(graph, input, "catalog_message", false, action)
}
