//! `send-product`, `send-product-list`, `send-catalog`.

use super::choices::sections;
use super::interactive::send;
use super::output::List;
use crate::fault::Fallible;
use crate::graph::Graph;
use crate::json::{Input, Object};
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
    let mut output = List::default();
    for section in sections(input, "product_retailer_ids", PRODUCTS_MAX)? {
        let mut items = List::default();
        for id in section.texts("product_retailer_ids") {
            items.push(Object::new().with("product_retailer_id", id));
        }
        let title = section.pick(&["title"]);
        output.push(title.with("product_items", items));
    }
    let action = input.pick(&["catalog_id"]).with("sections", output);
    send(graph, input, "product_list", false, action)
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
