//! Makes the code that hands an `error`, or an item of a list, to the host once instead of once per function.
//!
//! `wit-bindgen` writes the lowering of a result into every exported function. Seven cases of `error` with a fault and Meta's answer
//! in each are about 8 KB, times the number of actions; the code is the same each time, down to the offsets. This finds these blocks,
//! proves that they are equal but for the numbers in their variables' names, and replaces each by a call of one function. Should a new
//! version of `wit-bindgen` write something else, the build stops here rather than make something wrong.
//!
//! It moves code and changes none: what is unsafe in the result is `wit-bindgen`'s.

mod list_items;

use anyhow::{Result, bail, ensure};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use std::collections::HashMap;
use syn::{Arm, Expr, ExprMatch, File, ImplItemFn, Item, ItemFn, visit_mut::VisitMut};

/// A case of `error` that tells its lowering from that of other results.
const MARK: &str = "PermanentOutcomeUnknown";

/// The module of the exported interfaces.
const INTERFACES: &[&str] = &["exports", "whatsapp", "connector"];

/// Rewrites the bindings.
pub fn outline(source: &str) -> Result<String> {
    let mut file: File = syn::parse_str(source)?;
    let mut lowering = Lowering::default();
    lowering.visit_file_mut(&mut file);
    let mut freeing = Freeing::default();
    freeing.visit_file_mut(&mut file);
    let module = quote! {
        /// What every action shares; see `build/outline.rs`.
        pub mod outlined {
            use super::super::super::super::_rt;
        }
    };
    let mut module: Item = syn::parse2(module)?;
    if let Item::Mod(module) = &mut module
        && let Some((_, items)) = &mut module.content
    {
        items.extend(lowering.finish()?);
        items.push(freeing.finish()?);
    }
    let interfaces = connector_module(&mut file.items, INTERFACES)?;
    for interface in interfaces.iter_mut() {
        if let Item::Mod(interface) = interface
            && let Some((_, items)) = &mut interface.content
        {
            list_items::outline(items)?;
        }
    }
    interfaces.push(module);
    Ok(prettyplease::unparse(&file))
}

/// The items of a nested module.
fn connector_module<'f>(items: &'f mut Vec<Item>, path: &[&str]) -> Result<&'f mut Vec<Item>> {
    let [name, rest @ ..] = path else {
        return Ok(items);
    };
    for item in items {
        if let Item::Mod(module) = item
            && module.ident == name
            && let Some((_, items)) = &mut module.content
        {
            return connector_module(items, rest);
        }
    }
    bail!("wit-bindgen made no module `{name}`");
}

/// Blocks that were found, with the name of their pointer.
#[derive(Default)]
struct Blocks(Vec<(TokenStream, Ident)>);

impl Blocks {
    /// The one block, after a comparison with all others.
    fn only(self, what: &str) -> Result<(TokenStream, Ident)> {
        let mut blocks = self.0.into_iter();
        let Some(first) = blocks.next() else {
            bail!("wit-bindgen's output has no block that {what} an error; see build/outline.rs");
        };
        let expected = normal(&first.0);
        for (block, _) in blocks {
            ensure!(
                normal(&block) == expected,
                "wit-bindgen {what} errors in different ways; see build/outline.rs"
            );
        }
        Ok(first)
    }
}

/// Replaces `Err(e) => { … }` of every exported function.
#[derive(Default)]
struct Lowering(Blocks);

impl VisitMut for Lowering {
    fn visit_arm_mut(&mut self, arm: &mut Arm) {
        let pattern = arm.pat.to_token_stream().to_string();
        let body = arm.body.to_token_stream();
        if pattern == "Err (e)"
            && body.to_string().contains(MARK)
            && let Some(pointer) = first_ident(body.clone(), "ptr")
        {
            *arm.body = syn::parse_quote!({ super::outlined::lower_error(e, #pointer) });
            self.0.0.push((body, pointer));
        } else {
            syn::visit_mut::visit_arm_mut(self, arm);
        }
    }
}

impl Lowering {
    /// Two functions: one for the cases, and one for the fault that seven of them hold.
    fn finish(self) -> Result<Vec<Item>> {
        let (mut body, pointer) = self.0.only("lowers")?;
        let mut faults = Faults::default();
        let mut block: Expr = syn::parse2(body)?;
        faults.visit_expr_mut(&mut block);
        body = block.to_token_stream();
        let Some((fault, _)) = faults.0.0.first().cloned() else {
            bail!("wit-bindgen lowers a fault in another way; see build/outline.rs");
        };
        faults.0.only("lowers the fault of")?;
        let types = quote!(super::super::super::super::whatsapp::connector::types);
        let lower_error = quote! {
            #[doc(hidden)]
            #[inline(never)]
            pub unsafe fn lower_error(e: #types::Error, #pointer: *mut u8) {
                unsafe { #body }
            }
        };
        let lower_fault = quote! {
            #[inline(never)]
            unsafe fn lower_fault(e: #types::Fault, #pointer: *mut u8) {
                unsafe { #fault }
            }
        };
        Ok(vec![syn::parse2(lower_error)?, syn::parse2(lower_fault)?])
    }
}

/// Replaces what follows the number of the case in `Case(e) => { *ptr = number; … }`.
#[derive(Default)]
struct Faults(Blocks);

impl VisitMut for Faults {
    fn visit_arm_mut(&mut self, arm: &mut Arm) {
        let Expr::Block(block) = &mut *arm.body else {
            return;
        };
        let statements = &mut block.block.stmts;
        let is_fault = matches!(statements.get(1), Some(syn::Stmt::Local(local))
            if local.pat.to_token_stream().to_string().contains("Fault {"));
        if let Some(pointer) = first_ident(
            statements.iter().map(ToTokens::to_token_stream).collect(),
            "ptr",
        ) && is_fault
        {
            let rest: Vec<_> = statements.drain(1..).collect();
            statements.push(syn::parse_quote!(lower_fault(e, #pointer);));
            self.0.0.push((quote!(#(#rest)*), pointer));
        }
    }
}

/// Replaces `_ => { … }` of the outermost match of every function that frees a result with an `error`.
#[derive(Default)]
struct Freeing(Blocks);

impl VisitMut for Freeing {
    fn visit_item_fn_mut(&mut self, function: &mut ItemFn) {
        if !function.sig.ident.to_string().starts_with("__post_return_") {
            return;
        }
        let mut outermost = Outermost(None);
        outermost.visit_item_fn_mut(function);
        self.0.0.extend(outermost.0);
    }

    fn visit_impl_item_fn_mut(&mut self, _: &mut ImplItemFn) {}
}

impl Freeing {
    fn finish(self) -> Result<Item> {
        let (body, pointer) = self.0.only("frees")?;
        Ok(syn::parse2(quote! {
            #[doc(hidden)]
            #[inline(never)]
            pub unsafe fn free_error(#pointer: *mut u8) {
                unsafe { #body }
            }
        })?)
    }
}

/// Takes the body of the last arm of the first match, when the arm is about the cases of an error.
struct Outermost(Option<(TokenStream, Ident)>);

impl VisitMut for Outermost {
    fn visit_expr_match_mut(&mut self, expression: &mut ExprMatch) {
        if self.0.is_some() || expression.arms.len() != 2 {
            return;
        }
        let Some(last) = expression.arms.last_mut() else {
            return;
        };
        let body = last.body.to_token_stream();
        if !is_error_cases(&last.body) {
            return;
        }
        if let Some(pointer) = first_ident(body.clone(), "arg") {
            *last.body = syn::parse_quote!({ super::outlined::free_error(#pointer) });
            self.0 = Some((body, pointer));
        }
    }
}

/// Whether a block ends in a match over the eight cases of `error`.
fn is_error_cases(body: &Expr) -> bool {
    let Expr::Block(block) = body else {
        return false;
    };
    matches!(block.block.stmts.last(), Some(syn::Stmt::Expr(Expr::Match(cases), _)) if cases.arms.len() == 8)
}

/// The first identifier that begins like this and ends in a number.
fn first_ident(tokens: TokenStream, prefix: &str) -> Option<Ident> {
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Group(group) => first_ident(group.stream(), prefix),
        TokenTree::Ident(ident) => {
            let name = ident.to_string();
            let number = name.strip_prefix(prefix)?;
            (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
                .then(|| Ident::new(&name, Span::call_site()))
        }
        _ => None,
    })
}

/// The tokens as text, with numbered variables renumbered in the order of their first appearance.
fn normal(tokens: &TokenStream) -> String {
    fn walk(tokens: TokenStream, numbers: &mut HashMap<String, usize>, output: &mut String) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => {
                    output.push('{');
                    walk(group.stream(), numbers, output);
                    output.push('}');
                }
                TokenTree::Ident(ident) => {
                    let name = ident.to_string();
                    let plain = name.trim_end_matches(|c: char| c.is_ascii_digit());
                    if plain.len() == name.len() {
                        output.push_str(&name);
                    } else {
                        let next = numbers.len();
                        let number = *numbers.entry(name.clone()).or_insert(next);
                        output.push_str(&format!("{plain}#{number}"));
                    }
                }
                other => output.push_str(&other.to_string()),
            }
            output.push(' ');
        }
    }
    let mut output = String::new();
    walk(tokens.clone(), &mut HashMap::new(), &mut output);
    output
}
