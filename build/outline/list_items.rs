//! The same for the items of lists that several functions of an interface return.

use super::normal;
use anyhow::Result;
use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use std::collections::HashMap;
use syn::{ExprForLoop, Item, Pat, Stmt, visit_mut::VisitMut};

/// Shorter blocks (in characters of source) are not worth a call.
const SHORTEST: usize = 2_000;

/// Rewrites the functions of one interface.
pub fn outline(items: &mut Vec<Item>) -> Result<()> {
    let mut loops = Loops::default();
    visit(&mut loops, items);
    loops.replace = true;
    visit(&mut loops, items);
    for function in loops.functions {
        items.push(syn::parse2(function)?);
    }
    Ok(())
}

fn visit(loops: &mut Loops, items: &mut [Item]) {
    items.iter_mut().for_each(|item| loops.visit_item_mut(item));
}

/// Counts the loop bodies, then replaces those that stand more than once.
#[derive(Default)]
struct Loops {
    replace: bool,
    /// How often each body stands, and the number of its function once it has one.
    bodies: HashMap<String, (usize, Option<usize>)>,
    functions: Vec<TokenStream>,
}

impl VisitMut for Loops {
    fn visit_expr_for_loop_mut(&mut self, expression: &mut ExprForLoop) {
        // `let base = …; { … }`: the address of the item, then what is done with it.
        let [_, body] = expression.body.stmts.as_mut_slice() else {
            return syn::visit_mut::visit_expr_for_loop_mut(self, expression);
        };
        let tokens = body.to_token_stream();
        let key = normal(&tokens);
        if !self.replace {
            self.bodies.entry(key).or_default().0 += 1;
            return syn::visit_mut::visit_expr_for_loop_mut(self, expression);
        }
        let item = item_type(&expression.pat, body);
        let (item, call) = match &item {
            Some(path) => (quote!(e: #path,), quote!(e, base)),
            None => (quote!(), quote!(base)),
        };
        let next = self.functions.len();
        match self.bodies.get_mut(&key) {
            Some((count, number)) if *count > 1 && key.len() >= SHORTEST => {
                let name = format_ident!("list_item_{}", *number.get_or_insert(next));
                if *number == Some(next) {
                    self.functions.push(quote! {
                        #[doc(hidden)]
                        #[inline(never)]
                        unsafe fn #name(#item base: *mut u8) { unsafe { #tokens } }
                    });
                }
                *body = syn::parse_quote!({ #name(#call) });
            }
            _ => syn::visit_mut::visit_expr_for_loop_mut(self, expression),
        }
    }
}

/// The type of the item `e`, when the loop has one: the body begins with `let Type { … } = e;`.
fn item_type(pattern: &Pat, body: &Stmt) -> Option<syn::Path> {
    if !matches!(pattern, Pat::Tuple(_)) {
        return None;
    }
    let Stmt::Expr(syn::Expr::Block(block), _) = body else {
        return None;
    };
    match block.block.stmts.first()? {
        Stmt::Local(local) => match &local.pat {
            Pat::Struct(pattern) => Some(pattern.path.clone()),
            _ => None,
        },
        _ => None,
    }
}
