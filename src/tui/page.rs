//! A page: what a tab of the detail shows, as rows of one screen line each.
//!
//! A page is made for a width and kept until something about it changes; drawing looks only at
//! the rows in view. A row knows where it leads and what is copied from it, so that moving,
//! following, copying and searching are the same on every page.

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use super::detail::Tab;
pub use super::folds::{BlockId, Folds, Rank};
use super::wrap::{split, wrap};
use crate::iam::{EntityRef, Kind};
use crate::policy::{Layout, Span, describe, links};
use crate::visible::visible;
use compact_str::CompactString;

/// How a piece of text is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// As it is.
    Plain,
    /// Secondary.
    Dim,
    /// A name or a heading.
    Strong,
    /// Leads somewhere.
    Link,
    /// Fine.
    Good,
    /// To look at.
    Warning,
    /// Failed or denied.
    Bad,
    /// A statement in words.
    Sentence,
    /// Added, in a comparison.
    Added,
    /// Removed, in a comparison.
    Removed,
}

/// A piece of text with its tone.
pub type Piece = (Tone, String);

/// Where a row leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// To an entity of the account.
    Entity(EntityRef),
    /// To an inline policy.
    Inline {
        /// Whose it is.
        owner: EntityRef,
        /// Its name.
        name: CompactString,
    },
    /// To another tab of what is shown.
    Tab(Tab),
    /// To a statement of the policy in force, counted from 0.
    Statement(usize),
    /// To a policy, by the name that answers have for it, at a statement counted from 0.
    Policy {
        /// The name: an ARN; or the owner's ARN, a space and the name; or a plain name.
        name: CompactString,
        /// The statement.
        statement: usize,
    },
    /// To the question about one of several actions.
    Action(usize),
    /// To a version of the policy that is shown.
    Version(CompactString),
    /// Folds or unfolds a block of a document on the page.
    Fold(BlockId),
}

/// A screen line.
#[derive(Debug, Clone)]
pub struct Row {
    /// What it shows.
    pub body: Body,
    /// Where it leads.
    pub target: Option<Target>,
    /// What is copied from it, where that is not where it leads.
    pub copy: Option<Arc<str>>,
    /// The innermost block it is in.
    pub block: Option<BlockId>,
}

/// What a row shows.
#[derive(Debug, Clone)]
pub enum Body {
    /// Pieces of text.
    Pieces(Vec<Piece>),
    /// An entity, by kind and position, and a word on how it comes here.
    Entity(Kind, u32, &'static str),
    /// A part of a line of a document.
    Code {
        /// The document.
        layout: Rc<Layout>,
        /// The line, from 0.
        line: usize,
        /// The bytes of the shown text.
        span: Range<usize>,
        /// Whether it is the first part of its line, which bears the number.
        first: bool,
        /// How many lines are folded away behind it.
        folded: usize,
        /// What is marked in the shown text.
        marks: Rc<[Span]>,
    },
}

/// The rows of a tab.
#[derive(Debug, Default)]
pub struct Page {
    /// The rows.
    pub rows: Vec<Row>,
    /// What `Y` copies: the JSON of what is shown.
    pub json: Option<String>,
    /// Whether what it is about is still to come: the cursor waits for that.
    pub is_pending: bool,
}

/// Makes a page for a width.
#[derive(Debug)]
pub struct PageBuilder {
    width: usize,
    page: Page,
    documents: u16,
}

/// The width of the labels of an overview.
const LABEL: usize = 16;

impl PageBuilder {
    /// Starts a page of this width.
    pub fn new(width: u16) -> Self {
        Self {
            width: usize::from(width).max(8),
            page: Page::default(),
            documents: 0,
        }
    }

    /// The page.
    pub fn finish(self) -> Page {
        self.page
    }

    /// The width.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Sets what `Y` copies.
    pub fn json(&mut self, json: String) {
        self.page.json = Some(json);
    }

    fn push(&mut self, body: Body, target: Option<Target>, copy: Option<Arc<str>>) {
        self.page.rows.push(Row {
            body,
            target,
            copy,
            block: None,
        });
    }

    /// An empty line, unless it would be the first or the second in a row.
    pub fn blank(&mut self) {
        let empty = |row: &Row| matches!(&row.body, Body::Pieces(p) if p.is_empty());
        if self.page.rows.last().is_some_and(|row| !empty(row)) {
            self.push(Body::Pieces(Vec::new()), None, None);
        }
    }

    /// A heading, with an empty line before it.
    pub fn heading(&mut self, text: impl Into<String>) {
        self.blank();
        self.line(vec![(Tone::Strong, text.into())]);
    }

    /// A line of pieces, wrapped.
    pub fn line(&mut self, pieces: Vec<Piece>) {
        self.linked(pieces, 0, None, None);
    }

    /// A line of pieces that leads somewhere; where it wraps, the next lines are indented.
    pub fn linked(
        &mut self,
        pieces: Vec<Piece>,
        hang: usize,
        target: Option<Target>,
        copy: Option<Arc<str>>,
    ) {
        for row in wrap(pieces, self.width, hang) {
            self.push(Body::Pieces(row), target.clone(), copy.clone());
        }
    }

    /// A line of a block, wrapped in the same way.
    pub fn within(
        &mut self,
        block: BlockId,
        pieces: Vec<Piece>,
        hang: usize,
        target: Option<Target>,
    ) {
        for row in wrap(pieces, self.width, hang) {
            self.push(Body::Pieces(row), target.clone(), None);
            self.in_block(block);
        }
    }

    /// The line that a block begins with. What does not fit is cut off: it stands in the block.
    pub fn head(&mut self, block: BlockId, pieces: Vec<Piece>, copy: Arc<str>) {
        self.push(Body::Pieces(pieces), Some(Target::Fold(block)), Some(copy));
        self.in_block(block);
    }

    fn in_block(&mut self, block: BlockId) {
        if let Some(row) = self.page.rows.last_mut() {
            row.block = Some(block);
        }
    }

    /// What the page is about is still to come.
    pub fn pending(&mut self) {
        self.page.is_pending = true;
    }

    /// A label with its value.
    pub fn pair(&mut self, label: &str, mut value: Vec<Piece>, target: Option<Target>) {
        let copy: String = value.iter().map(|(_, text)| text.as_str()).collect();
        value.insert(0, (Tone::Dim, format!("{label:<LABEL$} ")));
        self.linked(value, LABEL + 1, target, Some(copy.into()));
    }

    /// An entity, with a word on how it comes here.
    pub fn entity(&mut self, kind: Kind, at: u32, how: &'static str, reference: EntityRef) {
        self.push(
            Body::Entity(kind, at, how),
            Some(Target::Entity(reference)),
            None,
        );
    }

    /// A document: its lines, with a sentence above each statement and links where it names what
    /// `resolve` knows.
    pub fn document(
        &mut self,
        layout: &Rc<Layout>,
        folds: &Folds,
        sentences: bool,
        resolve: &dyn Fn(&str) -> Option<EntityRef>,
    ) {
        let document = self.documents;
        self.documents += 1;
        let blocks = Blocks::new(layout);
        let links = links_by_line(layout, resolve);
        let gutter = gutter(layout);
        let none: Rc<[Span]> = Rc::new([]);
        let mut line = 0;
        while line < layout.line_count() {
            if sentences && let Some(statement) = blocks.statement_at(line) {
                self.sentence(layout, statement, gutter);
            }
            let fold = blocks.starting_at(line).map(|fold| BlockId {
                document,
                fold: fold as u32,
            });
            let folded = fold.and_then(|id| {
                let block = &layout.folds()[id.fold as usize];
                let rank = match block.statement {
                    Some(_) => Rank::Outer,
                    None => Rank::Open,
                };
                let is_folded = folds.is_folded(id, rank);
                is_folded.then_some(block.last_line - block.first_line)
            });
            let target = links.get(&line).cloned().or_else(|| fold.map(Target::Fold));
            let inner = fold.or_else(|| {
                blocks.around(line).map(|fold| BlockId {
                    document,
                    fold: fold as u32,
                })
            });
            let folded = folded.unwrap_or(0);
            self.code(layout, line, gutter, folded, target, inner, &none);
            line += 1 + folded;
        }
    }

    /// One statement of a document, with the places that decided marked.
    pub fn statement(
        &mut self,
        layout: &Rc<Layout>,
        statement: usize,
        marks: Vec<Span>,
        target: &Target,
    ) {
        let marks: Rc<[Span]> = marks.into();
        let gutter = gutter(layout);
        for line in layout.statement_lines(statement).into_iter().flatten() {
            self.code(layout, line, gutter, 0, Some(target.clone()), None, &marks);
        }
    }

    fn sentence(&mut self, layout: &Layout, statement: usize, gutter: usize) {
        if let Some(statement) = layout.document().statements.get(statement) {
            let words = describe(statement);
            let pieces = vec![
                (Tone::Plain, " ".repeat(gutter)),
                (Tone::Sentence, visible(&words).into_owned()),
            ];
            self.linked(pieces, gutter, None, None);
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "what a code row is made of, taken apart once"
    )]
    fn code(
        &mut self,
        layout: &Rc<Layout>,
        line: usize,
        gutter: usize,
        folded: usize,
        target: Option<Target>,
        block: Option<BlockId>,
        marks: &Rc<[Span]>,
    ) {
        let span = layout.line_span(line).range();
        let room = self.width.saturating_sub(gutter).max(4);
        let mut first = true;
        for part in split(&layout.text()[span.clone()], room) {
            self.page.rows.push(Row {
                body: Body::Code {
                    layout: layout.clone(),
                    line,
                    span: span.start + part.start..span.start + part.end,
                    first,
                    folded,
                    marks: marks.clone(),
                },
                target: target.clone(),
                copy: None,
                block,
            });
            first = false;
        }
    }
}

/// The columns that line numbers take, with the gap after them.
pub fn gutter(layout: &Layout) -> usize {
    layout.line_count().to_string().len() + 2
}

/// The folds of a layout, by line.
struct Blocks<'a> {
    layout: &'a Layout,
    by_line: Vec<Option<u32>>,
    parents: Vec<Option<u32>>,
}

impl<'a> Blocks<'a> {
    fn new(layout: &'a Layout) -> Self {
        let mut by_line = vec![None; layout.line_count()];
        let mut parents = vec![None; layout.line_count()];
        // Outer folds come first, so that inner ones overwrite them.
        for (at, fold) in layout.folds().iter().enumerate() {
            by_line[fold.first_line] = by_line[fold.first_line].or(Some(at as u32));
            for parent in &mut parents[fold.first_line..=fold.last_line] {
                *parent = Some(at as u32);
            }
        }
        Self {
            layout,
            by_line,
            parents,
        }
    }

    fn starting_at(&self, line: usize) -> Option<usize> {
        self.by_line[line].map(|at| at as usize)
    }

    fn around(&self, line: usize) -> Option<usize> {
        self.parents[line].map(|at| at as usize)
    }

    fn statement_at(&self, line: usize) -> Option<usize> {
        let statement = self.layout.statement_at_line(line)?;
        let lines = self.layout.statement_lines(statement)?;
        (lines.start == line).then_some(statement)
    }
}

/// Where each line leads: to the first thing that it names and `resolve` knows.
fn links_by_line(
    layout: &Layout,
    resolve: &dyn Fn(&str) -> Option<EntityRef>,
) -> HashMap<usize, Target> {
    let mut by_line = HashMap::new();
    for link in links(layout.document()) {
        if let Some(entity) = resolve(&link.text) {
            let line = layout.line_of(link.span.range().start);
            by_line.entry(line).or_insert(Target::Entity(entity));
        }
    }
    by_line
}

impl Row {
    /// Whether a text, in lower case, begins in this row. It may end in the next one where a line
    /// of a document is broken. Entities are searched by the given name.
    pub fn holds(&self, needle: &str, name: impl Fn(Kind, u32) -> String) -> bool {
        match &self.body {
            Body::Pieces(pieces) => {
                let text: String = pieces.iter().map(|(_, text)| text.as_str()).collect();
                text.to_lowercase().contains(needle)
            }
            Body::Entity(kind, at, how) => {
                let text = format!("{} {how}", name(*kind, *at));
                text.to_lowercase().contains(needle)
            }
            Body::Code {
                layout, line, span, ..
            } => {
                let whole = layout.line_span(*line).range();
                let text = &layout.text()[whole.clone()];
                // Lower case may be longer or shorter than the text itself.
                let lowered = |end: usize| text[..end - whole.start].to_lowercase().len();
                let row = lowered(span.start)..lowered(span.end);
                let text = text.to_lowercase();
                text.match_indices(needle).any(|(at, _)| row.contains(&at))
            }
        }
    }

    /// Whether this is the line of a document on which a statement begins.
    pub fn begins(&self, statement: usize) -> bool {
        let Body::Code {
            layout,
            line,
            first: true,
            ..
        } = &self.body
        else {
            return false;
        };
        let lines = layout.statement_lines(statement);
        lines.is_some_and(|lines| lines.start == *line)
    }
}
