//! `iamscope who-can ACTION [RESOURCE]`.

use std::sync::Arc;

use super::question::{ListFormat, QuestionOptions};
use super::{Global, load, output};
use crate::access::{Index, lacking_of_all};
use crate::report::asking;
use crate::report::who_can::{Question, Wanted};
use crate::source::Problem;

/// What `who-can` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Answers for every user and role of the account, for its root user, and for whom its trust policies
and the resource's policy name from outside; roles that are assumed one after the other are
followed.

Exit codes: 0 answered, whoever can; 2 the question is not as it must be; 4 could not answer.")]
pub struct Options {
    /// What: an action such as s3:GetObject, a pattern such as iam:Put*, an access level of a
    /// service such as s3:@write (list, read, write, tagging, permissions-management), or several
    /// with commas between
    action: String,
    /// On what: an ARN, or a pattern of ARNs; anything without it
    resource: Option<String>,
    /// List those who cannot, too
    #[arg(long)]
    all: bool,
    /// Do not follow chains of roles
    #[arg(long)]
    no_chains: bool,
    /// Say what every layer of policies says
    #[arg(long)]
    explain: bool,
    /// What else is known.
    #[command(flatten)]
    question: QuestionOptions,
    /// How the answer is printed
    #[arg(long, value_enum, default_value_t)]
    format: ListFormat,
}

/// Runs the command.
pub(super) fn run(options: &Options, global: &Global) -> Result<(), Problem> {
    let read = options.question.read()?;
    let actions = options.question.actions(&options.action)?;
    let resource = options.resource.as_deref().unwrap_or("*");
    let account = load::for_question(global, lacking_of_all)?;
    let first = actions.first().map_or("", String::as_str);
    let resource = asking::resource(&account, first, resource)?;
    let terms = read.terms();
    let index = Index::new(Arc::new(account));
    let question = Question {
        index: &index,
        terms: &terms,
        actions: &actions,
        resource,
        wanted: Wanted {
            all: options.all,
            no_chains: options.no_chains,
            explain: options.explain,
        },
    };
    output::print(options.format, &question)
}
