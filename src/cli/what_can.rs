//! `iamscope what-can PRINCIPAL`.

use std::sync::Arc;

use super::question::{ListFormat, QuestionOptions};
use super::{Global, can, load, output};
use crate::access::{Index, Wanted, lacking, lacking_of_all, principal};
use crate::report::asking::{access_level, service};
use crate::report::what_can::Question;
use crate::source::Problem;

/// What `what-can` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Tells every action that the catalogue knows and the principal may do, after its groups, boundary,
denies and the organisation's policies, and the roles that it can assume, one after the other.

Exit codes: 0 answered, whatever it can; 2 the question is not as it must be; 4 could not answer.")]
pub struct Options {
    /// Who: as for can
    principal: String,
    /// Only the actions of this service, such as s3
    #[arg(long, value_name = "PREFIX")]
    service: Option<String>,
    /// Only those of this access level: list, read, write, tagging, permissions-management
    #[arg(long, value_name = "LEVEL")]
    level: Option<String>,
    /// Do not look for roles that it can assume
    #[arg(long)]
    no_chains: bool,
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
    let wanted = Wanted {
        service: options.service.as_deref().map(service).transpose()?,
        level: options.level.as_deref().map(access_level).transpose()?,
    };
    let account = load::for_question(global, |account| {
        if !options.no_chains {
            return lacking_of_all(account);
        }
        let caller = principal(account, &options.principal);
        caller.map_or_else(|_| Vec::new(), |caller| lacking(account, &caller, "", "*"))
    })?;
    let caller =
        principal(&account, &options.principal).map_err(|error| can::unknown(error, &account))?;
    let terms = read.terms();
    let index = Index::new(Arc::new(account));
    let question = Question {
        index: &index,
        terms: &terms,
        caller,
        wanted,
        no_chains: options.no_chains,
    };
    output::print(options.format, &question)
}
