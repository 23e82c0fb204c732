//! Every path that a source file writes, as the compiler would resolve its beginning.

use std::path::Path;

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use syn::visit::{self, Visit};

/// A path in a source file.
#[derive(Debug)]
pub struct Found {
    /// As it is written, with the groups and renames of a `use` taken apart.
    pub written: String,
    /// Where it leads.
    pub to: Target,
    /// The line, from 1.
    pub line: usize,
}

/// Where a path leads.
#[derive(Debug, PartialEq, Eq)]
pub enum Target {
    /// Into this crate, to what these segments name from its root. Empty for the root itself.
    Inside(Vec<String>),
    /// To something that this name brings: another crate, or what is in scope here.
    Named(String),
    /// Nobody could say.
    Hidden,
}

/// The paths in a file, which is named relative to `src`.
pub fn of(file: &Path, text: &str) -> Vec<Found> {
    let parsed = syn::parse_file(text).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    let mut reader = Reader {
        module: module_of(file),
        found: Vec::new(),
    };
    reader.visit_file(&parsed);
    reader.found
}

/// The module that a file holds.
fn module_of(file: &Path) -> Vec<String> {
    let stem = file.with_extension("");
    let mut module: Vec<String> = stem
        .iter()
        .map(|part| part.to_str().unwrap().to_owned())
        .collect();
    let last = module.last().map(String::as_str);
    if last == Some("mod") || (module.len() == 1 && matches!(last, Some("lib" | "main"))) {
        module.pop();
    }
    module
}

struct Reader {
    /// The module that is being read, from the root of the crate.
    module: Vec<String>,
    found: Vec<Found>,
}

impl Reader {
    fn hidden(&mut self, written: &str, span: Span) {
        self.found.push(Found {
            written: written.to_owned(),
            to: Target::Hidden,
            line: span.start().line,
        });
    }

    /// Takes a path in. `self`, `super` and `crate` are followed; a first name is taken for a
    /// crate's, since modules in scope are named by a `use` that is read too.
    fn take(&mut self, segments: &[String], span: Span) {
        let mut base = match segments.first().map(String::as_str) {
            Some("crate" | "iamscope") => Vec::new(),
            Some("self" | "super") => self.module.clone(),
            Some(name) => {
                return self.found.push(Found {
                    to: Target::Named(name.to_owned()),
                    written: segments.join("::"),
                    line: span.start().line,
                });
            }
            None => return,
        };
        for (at, segment) in segments.iter().enumerate() {
            match segment.as_str() {
                "crate" | "iamscope" | "self" if at == 0 => {}
                "super" => drop(base.pop()),
                name => base.push(name.to_owned()),
            }
        }
        self.found.push(Found {
            to: Target::Inside(base),
            written: segments.join("::"),
            line: span.start().line,
        });
    }

    /// Takes a `use` in, a path for each of its leaves.
    fn take_use(&mut self, prefix: &mut Vec<String>, tree: &syn::UseTree) {
        let depth = prefix.len();
        match tree {
            syn::UseTree::Path(path) => {
                prefix.push(path.ident.to_string());
                self.take_use(prefix, &path.tree);
            }
            syn::UseTree::Name(syn::UseName { ident })
            | syn::UseTree::Rename(syn::UseRename { ident, .. }) => {
                // `a::{self}` names `a`.
                if ident != "self" || depth == 0 {
                    prefix.push(ident.to_string());
                }
                self.take(prefix, ident.span());
            }
            syn::UseTree::Glob(glob) => {
                prefix.push("*".to_owned());
                self.take(prefix, glob.star_token.spans[0]);
            }
            syn::UseTree::Group(group) => {
                for tree in &group.items {
                    self.take_use(prefix, tree);
                }
            }
        }
        prefix.truncate(depth);
    }

    /// Takes in what looks like a path in the tokens that a macro or an attribute is given.
    fn take_tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut start = Span::call_site();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => {
                    if colons != 2 {
                        self.take_path(&mut path, start);
                    }
                    if path.is_empty() {
                        start = ident.span();
                    }
                    path.push(ident.to_string());
                    colons = 0;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
                TokenTree::Group(group) => {
                    // The group of a `use` in a macro goes on where its path ends.
                    let mut prefix = if colons == 2 {
                        path.clone()
                    } else {
                        Vec::new()
                    };
                    self.take_path(&mut path, start);
                    self.take_group(&mut prefix, group);
                    colons = 0;
                }
                _ => {
                    self.take_path(&mut path, start);
                    colons = 0;
                }
            }
        }
        self.take_path(&mut path, start);
    }

    /// Takes a path in that stands in code. A name that stands alone there is never a crate's.
    fn take_path(&mut self, path: &mut Vec<String>, start: Span) {
        if path.len() > 1 {
            self.take(path, start);
        }
        path.clear();
    }

    fn take_group(&mut self, prefix: &mut Vec<String>, group: Group) {
        let tokens = group.stream();
        match syn::parse2(TokenTree::from(group).into()) {
            Ok(tree @ syn::UseTree::Group(_)) if !prefix.is_empty() => self.take_use(prefix, &tree),
            _ => self.take_tokens(tokens),
        }
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.take_use(&mut Vec::new(), &item.tree);
    }

    fn visit_item_extern_crate(&mut self, item: &'ast syn::ItemExternCrate) {
        let name = match item.ident.to_string() {
            name if name == "self" => "crate".to_owned(),
            name => name,
        };
        self.take(&[name], item.ident.span());
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if let Some(path) = item.attrs.iter().find(|a| a.path().is_ident("path")) {
            self.hidden("#[path]", path.pound_token.span);
        }
        self.module.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    // `pub(in crate::a)` says who may look, and asks for nothing.
    fn visit_vis_restricted(&mut self, _: &'ast syn::VisRestricted) {}

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let mut segments = path.segments.iter().map(|s| s.ident.to_string()).collect();
        if let Some(first) = path.segments.first() {
            self.take_path(&mut segments, first.ident.span());
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        if call.path.is_ident("include") {
            self.hidden("include!", call.bang_token.span);
        }
        self.visit_path(&call.path);
        self.take_tokens(call.tokens.clone());
    }

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        self.visit_path(attribute.path());
        if let syn::Meta::List(list) = &attribute.meta {
            self.take_tokens(list.tokens.clone());
        }
    }
}
