//! The same for texts: lowering one, or an optional one, and freeing them, is one call each instead of up to 90 bytes of code.

use anyhow::{Result, ensure};
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Block, Expr, Stmt, visit_mut::VisitMut};

/// The functions that the calls go to; for the module `outlined`.
pub fn functions() -> TokenStream {
    let size = quote!(::core::mem::size_of::<*const u8>());
    quote! {
        #[inline(never)]
        pub unsafe fn lift_optional_text(is_some: i32, base: *mut u8) -> Option<_rt::String> {
            unsafe {
                if is_some == 0 {
                    return None;
                }
                let length = *base.add(#size).cast::<usize>();
                let bytes = _rt::Vec::from_raw_parts(*base.cast::<*mut u8>(), length, length);
                Some(_rt::string_lift(bytes))
            }
        }

        #[inline(never)]
        pub unsafe fn lower_text(text: _rt::String, base: *mut u8) {
            unsafe {
                let bytes = text.into_bytes().into_boxed_slice();
                *base.cast::<*mut u8>() = bytes.as_ptr().cast_mut();
                *base.add(#size).cast::<usize>() = bytes.len();
                ::core::mem::forget(bytes);
            }
        }

        #[inline(never)]
        pub unsafe fn lower_optional_text(text: Option<_rt::String>, base: *mut u8) {
            unsafe {
                *base = text.is_some().into();
                if let Some(text) = text {
                    lower_text(text, base.add(#size));
                }
            }
        }

        #[inline(never)]
        pub unsafe fn free_text(base: *mut u8) {
            unsafe {
                let bytes = *base.cast::<*mut u8>();
                _rt::cabi_dealloc(bytes, *base.add(#size).cast::<usize>(), 1);
            }
        }

        #[inline(never)]
        pub unsafe fn free_optional_text(base: *mut u8) {
            unsafe {
                if *base != 0 {
                    free_text(base.add(#size));
                }
            }
        }
    }
}

/// Rewrites everything that is visited, and counts.
pub struct Texts {
    rules: Vec<Rule>,
    lift: Lift,
}

/// Lifting an optional text out of memory. What says whether there is one stands a pointer before it.
struct Lift {
    looks: String,
    found: usize,
}

impl Lift {
    fn new() -> Self {
        let example = quote! {
            match l0 {
                0 => None,
                1 => {
                    let e = {
                        let l1 = *arg0.add(0).cast::<*mut u8>();
                        let l2 = *arg0.add(0).cast::<usize>();
                        let len3 = l2;
                        let bytes3 = _rt::Vec::from_raw_parts(l1.cast(), len3, len3);
                        _rt::string_lift(bytes3)
                    };
                    Some(e)
                }
                _ => _rt::invalid_enum_discriminant(),
            }
        };
        Self {
            looks: Looks::of(example).text,
            found: 0,
        }
    }

    fn apply(&mut self, expression: &Expr) -> Option<Expr> {
        let looks = Looks::of(expression.to_token_stream());
        if looks.text != self.looks {
            return None;
        }
        let [text, length] = looks.offsets.as_slice() else {
            return None;
        };
        let ((bytes, pointers), end) = (place(text)?, place(length)?);
        if end != (bytes, pointers + 1) {
            return None;
        }
        self.found += 1;
        // Variables: what says whether there is a text, `e`, the pointer, the address.
        let (is_some, base) = (looks.variables.first()?, looks.variables.get(3)?);
        Some(syn::parse_quote!(super::outlined::lift_optional_text(#is_some, #base.add(#text))))
    }
}

/// A piece of `wit-bindgen`'s output, and the function that does the same.
struct Rule {
    function: &'static str,
    /// How many statements it is.
    length: usize,
    looks: String,
    /// Which of its variables is the text, if it takes one, and which is the address.
    text: Option<usize>,
    base: usize,
    /// Its offsets in pointers after the first one, in the order in which they stand; 0 is where the function's address is.
    offsets: &'static [u32],
    found: usize,
}

impl Rule {
    fn new(
        function: &'static str,
        example: &TokenStream,
        text: Option<usize>,
        base: usize,
        offsets: &'static [u32],
    ) -> Result<Self> {
        let block: Block = syn::parse2(quote!({ #example }))?;
        Ok(Self {
            function,
            length: block.stmts.len(),
            looks: Looks::of(example.clone()).text,
            text,
            base,
            offsets,
            found: 0,
        })
    }

    /// The call instead of these statements, if they are this rule's.
    fn apply(&mut self, statements: &[Stmt]) -> Option<Stmt> {
        let tokens = statements.iter().map(ToTokens::to_token_stream).collect();
        let looks = Looks::of(tokens);
        if looks.text != self.looks {
            return None;
        }
        let places: Option<Vec<_>> = looks.offsets.iter().map(place).collect();
        let places = places?;
        let start = self.offsets.iter().position(|offset| *offset == 0)?;
        let (bytes, pointers) = *places.get(start)?;
        let fits = |(place, offset): (&(u32, u32), &u32)| *place == (bytes, pointers + offset);
        if places.len() != self.offsets.len() || !places.iter().zip(self.offsets).all(fits) {
            return None;
        }
        let function = quote::format_ident!("{}", self.function);
        let base = looks.variables.get(self.base)?;
        let offset = looks.offsets.get(start)?;
        let text = match self.text {
            Some(text) => {
                let text = looks.variables.get(text)?;
                quote!(#text,)
            }
            None => quote!(),
        };
        self.found += 1;
        Some(syn::parse_quote!(super::outlined::#function(#text #base.add(#offset));))
    }
}

impl Texts {
    /// The rules, in the order in which they are tried.
    pub fn new() -> Result<Self> {
        let size = quote!(::core::mem::size_of::<*const u8>());
        let lower = quote! {
            let vec1 = (text1.into_bytes()).into_boxed_slice();
            let ptr1 = vec1.as_ptr().cast::<u8>();
            let len1 = vec1.len();
            ::core::mem::forget(vec1);
            *base.add(#size).cast::<usize>() = len1;
            *base.add(0).cast::<*mut u8>() = ptr1.cast_mut();
        };
        let lower_optional = quote! {
            match text1 {
                Some(e) => {
                    *base.add(0).cast::<u8>() = (1i32) as u8;
                    let vec1 = (e.into_bytes()).into_boxed_slice();
                    let ptr1 = vec1.as_ptr().cast::<u8>();
                    let len1 = vec1.len();
                    ::core::mem::forget(vec1);
                    *base.add(2 * #size).cast::<usize>() = len1;
                    *base.add(#size).cast::<*mut u8>() = ptr1.cast_mut();
                }
                None => {{
                    *base.add(0).cast::<u8>() = (0i32) as u8;
                }}
            };
        };
        let free = quote! {
            let l1 = *base.add(0).cast::<*mut u8>();
            let l2 = *base.add(#size).cast::<usize>();
            _rt::cabi_dealloc(l1, l2, 1);
        };
        let free_optional = quote! {
            let l1 = i32::from(*base.add(0).cast::<u8>());
            match l1 {
                0 => (),
                _ => {
                    let l2 = *base.add(#size).cast::<*mut u8>();
                    let l3 = *base.add(2 * #size).cast::<usize>();
                    _rt::cabi_dealloc(l2, l3, 1);
                }
            }
        };
        // Variables are counted in the order of their first appearance; types such as `u8` count too.
        Ok(Self {
            rules: vec![
                Rule::new(
                    "lower_optional_text",
                    &lower_optional,
                    Some(0),
                    2,
                    &[0, 2, 1, 0],
                )?,
                Rule::new("lower_text", &lower, Some(1), 5, &[1, 0])?,
                Rule::new("free_optional_text", &free_optional, None, 2, &[0, 1, 2])?,
                Rule::new("free_text", &free, None, 1, &[0, 1])?,
            ],
            lift: Lift::new(),
        })
    }

    /// Fails when a rule found nothing: then `wit-bindgen` writes something else.
    pub fn finish(&self) -> Result<()> {
        ensure!(
            self.lift.found > 0,
            "wit-bindgen's output lifts no optional text; see build/outline/texts.rs"
        );
        for rule in &self.rules {
            ensure!(
                rule.found > 0,
                "wit-bindgen's output has nothing for {}; see build/outline/texts.rs",
                rule.function
            );
        }
        Ok(())
    }
}

impl VisitMut for Texts {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        if let Some(call) = self.lift.apply(expression) {
            *expression = call;
        }
        syn::visit_mut::visit_expr_mut(self, expression);
    }

    fn visit_block_mut(&mut self, block: &mut Block) {
        let mut at = 0;
        while at < block.stmts.len() {
            for rule in &mut self.rules {
                if let Some(statements) = block.stmts.get(at..at + rule.length)
                    && let Some(call) = rule.apply(statements)
                {
                    block.stmts.splice(at..at + rule.length, [call]);
                    break;
                }
            }
            at += 1;
        }
        syn::visit_mut::visit_block_mut(self, block);
    }
}

/// What tokens look like without the names of variables and without the arguments of `add`.
#[derive(Default)]
struct Looks {
    text: String,
    variables: Vec<Ident>,
    offsets: Vec<TokenStream>,
}

impl Looks {
    fn of(tokens: TokenStream) -> Self {
        let mut looks = Self::default();
        looks.walk(tokens);
        looks
    }

    fn walk(&mut self, tokens: TokenStream) {
        let mut after_add = false;
        for token in tokens {
            match token {
                TokenTree::Group(group) if after_add => self.offsets.push(group.stream()),
                TokenTree::Group(group) => {
                    self.text.push('(');
                    self.walk(group.stream());
                    self.text.push(')');
                }
                TokenTree::Ident(ident) => {
                    let name = ident.to_string();
                    after_add = name == "add";
                    if name == "base" || name == "e" || name.ends_with(|c: char| c.is_ascii_digit())
                    {
                        let known = self.variables.iter().position(|known| *known == ident);
                        let number = known.unwrap_or_else(|| {
                            self.variables.push(ident);
                            self.variables.len() - 1
                        });
                        self.text.push_str(&format!("v{number} "));
                    } else {
                        self.text.push_str(&name);
                        self.text.push(' ');
                    }
                    continue;
                }
                // A trailing comma or semicolon after a block changes nothing.
                TokenTree::Punct(point) if matches!(point.as_char(), ',' | ';') => {}
                other => self.text.push_str(&other.to_string()),
            }
            after_add = false;
        }
    }
}

/// An offset as bytes and pointers: `8 + 3 * size_of::<*const u8>()` is `(8, 3)`.
fn place(offset: &TokenStream) -> Option<(u32, u32)> {
    let text: String = offset.to_string().split_whitespace().collect();
    let text = text.replace("::core::mem::size_of::<*constu8>()", "P");
    let (mut bytes, mut pointers) = (0, 0);
    for term in text.split('+') {
        match term.strip_suffix('P') {
            Some("") => pointers += 1,
            Some(count) => pointers += count.strip_suffix('*')?.parse::<u32>().ok()?,
            None => bytes += term.parse::<u32>().ok()?,
        }
    }
    Some((bytes, pointers))
}
