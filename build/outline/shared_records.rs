//! The same for the records that every action takes: the connection and the address are lifted by one function each.
//!
//! `wit-bindgen` loads what it needs into variables first and builds the record from them. Here the variables are put back into the
//! record, so that it depends on the address of the arguments alone, and equal records become one function.

use super::normal;
use anyhow::{Result, ensure};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};
use std::collections::{HashMap, HashSet};
use syn::{
    Block, Expr, ExprStruct, ItemFn, Local, Pat, Stmt,
    visit::Visit,
    visit_mut::{self, VisitMut},
};

/// The records, by name.
const RECORDS: [&str; 2] = ["Connection", "Address"];

/// Rewrites the exported functions, and collects the functions that lift.
#[derive(Default)]
pub struct SharedRecords {
    known: HashMap<String, Ident>,
    functions: Vec<TokenStream>,
}

impl SharedRecords {
    /// The functions, for the module `outlined`.
    pub fn finish(self) -> Result<Vec<TokenStream>> {
        ensure!(
            !self.functions.is_empty(),
            "wit-bindgen lifts records in another way; see build/outline/shared_records.rs"
        );
        Ok(self.functions)
    }

    /// The call instead of a record, if it can be made from the address of the arguments alone, and the variables that it used up.
    fn call(
        &mut self,
        record: &ExprStruct,
        variables: &HashMap<Ident, Expr>,
    ) -> Option<(Expr, HashSet<Ident>)> {
        let name = record.path.segments.last()?.ident.to_string();
        if !RECORDS.contains(&name.as_str()) {
            return None;
        }
        let mut pure = Expr::Struct(record.clone());
        let mut put_back = PutBack {
            variables,
            used: HashSet::new(),
        };
        put_back.visit_expr_mut(&mut pure);
        let mut arguments = Arguments::default();
        arguments.visit_expr(&pure);
        if arguments.0.iter().any(|name| name != "arg0") || arguments.0.is_empty() {
            return None;
        }
        let next = format_ident!("lift_{}_{}", name.to_lowercase(), self.functions.len());
        let path = &record.path;
        let functions = &mut self.functions;
        let function = self
            .known
            .entry(normal(&pure.to_token_stream()))
            .or_insert_with(|| {
                functions.push(quote! {
                    #[doc(hidden)]
                    #[inline(never)]
                    pub unsafe fn #next(arg0: *mut u8) -> #path { unsafe { #pure } }
                });
                next
            });
        Some((
            syn::parse_quote!(super::outlined::#function(arg0)),
            put_back.used,
        ))
    }
}

impl VisitMut for SharedRecords {
    fn visit_item_fn_mut(&mut self, function: &mut ItemFn) {
        if !function.sig.ident.to_string().starts_with("_export_") {
            return;
        }
        let mut definitions = Definitions::default();
        definitions.visit_block(&function.block);
        let mut replace = Replace {
            shared: self,
            variables: definitions.0,
            used: HashSet::new(),
        };
        replace.visit_block_mut(&mut function.block);
        let mut remove = Remove(replace.used);
        remove.visit_block_mut(&mut function.block);
    }
}

/// The variables of a function that are defined by `let name = …`.
#[derive(Default)]
struct Definitions(HashMap<Ident, Expr>);

impl<'ast> Visit<'ast> for Definitions {
    fn visit_local(&mut self, local: &'ast Local) {
        if let (Pat::Ident(name), Some(init)) = (&local.pat, &local.init) {
            self.0.insert(name.ident.clone(), (*init.expr).clone());
        }
        syn::visit::visit_local(self, local);
    }
}

/// Puts variables back into an expression, as often as it takes.
struct PutBack<'v> {
    variables: &'v HashMap<Ident, Expr>,
    used: HashSet<Ident>,
}

impl VisitMut for PutBack<'_> {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        if let Expr::Path(path) = expression
            && let Some(name) = path.path.get_ident().cloned()
            && let Some(definition) = self.variables.get(&name)
            && !is_local(&name)
        {
            self.used.insert(name);
            *expression = definition.clone();
            return self.visit_expr_mut(expression);
        }
        visit_mut::visit_expr_mut(self, expression);
    }
}

/// The variables that are bound inside of an expression keep their names.
fn is_local(name: &Ident) -> bool {
    name == "e"
}

/// The variables that an expression needs from outside.
#[derive(Default)]
struct Arguments(HashSet<String>);

impl<'ast> Visit<'ast> for Arguments {
    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        if let Some(name) = path.path.get_ident()
            && !is_local(name)
            && name != "None"
            && name != "Some"
        {
            self.0.insert(name.to_string());
        }
    }
}

struct Replace<'s> {
    shared: &'s mut SharedRecords,
    variables: HashMap<Ident, Expr>,
    used: HashSet<Ident>,
}

impl VisitMut for Replace<'_> {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        if let Expr::Struct(record) = expression
            && let Some((call, used)) = self.shared.call(record, &self.variables)
        {
            self.used.extend(used);
            *expression = call;
            return;
        }
        visit_mut::visit_expr_mut(self, expression);
    }
}

/// Removes the definitions that were put back: each takes over memory, which must happen once.
struct Remove(HashSet<Ident>);

impl VisitMut for Remove {
    fn visit_block_mut(&mut self, block: &mut Block) {
        block.stmts.retain(|statement| match statement {
            Stmt::Local(Local {
                pat: Pat::Ident(name),
                ..
            }) => !self.0.contains(&name.ident),
            _ => true,
        });
        visit_mut::visit_block_mut(self, block);
    }
}
