//! `iamscope can PRINCIPAL ACTION [RESOURCE]`.

use super::question::{Format, QuestionOptions};
use super::{Global, load, output};
use crate::access::{Decision, PrincipalError, ask, lacking, principal, remedy};
use crate::iam::Account;
use crate::report::asking;
use crate::report::verdict::Answered;
use crate::source::{ExitCode, Problem};

/// What `can` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Exit codes: 0 allowed, 1 denied, 2 the question is not as it must be, 3 conditional, 4 could not
answer.")]
pub struct Options {
    /// Who: an ARN, a name that is unique in the account, root, a service such as
    /// ec2.amazonaws.com, another account's id, or * for anyone
    principal: String,
    /// What: an action such as s3:GetObject
    action: String,
    /// On what: an ARN, or a pattern of ARNs such as arn:aws:s3:::reports/*; * without it
    resource: Option<String>,
    /// What else is known.
    #[command(flatten)]
    question: QuestionOptions,
    /// How the answer is printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Runs the command; gives the number for the shell.
pub(super) fn run(options: &Options, global: &Global) -> Result<u8, Problem> {
    let read = options.question.read()?;
    let action = options.question.action(&options.action)?;
    let resource = options.resource.as_deref().unwrap_or("*");
    let account = load::for_question(global, |account| {
        let caller = principal(account, &options.principal);
        caller.map_or_else(
            |_| Vec::new(),
            |caller| lacking(account, &caller, &action, resource),
        )
    })?;
    let caller =
        principal(&account, &options.principal).map_err(|error| unknown(error, &account))?;
    let resource = asking::resource(&account, &action, resource)?;
    let terms = read.terms();
    let asked = ask(&account, &terms, caller, &action, resource);
    let answered = Answered {
        remedy: remedy(&account, &terms, &asked),
        asked,
        account: account.id.as_deref().map(str::to_owned),
        action,
        is_strict: options.question.strict,
    };
    let unprinted =
        |error: &dyn std::fmt::Display| Problem::new("cannot print the answer", error.to_string());
    let text = match options.format {
        Format::Table => answered
            .text(output::style())
            .map_err(|error| unprinted(&error))?,
        Format::Json => answered.json().map_err(|error| unprinted(&error))? + "\n",
    };
    output::to_stdout(|out| out.write_all(text.as_bytes()))?;
    let code = match answered.decision() {
        Decision::Allowed => ExitCode::Success,
        Decision::Conditional => ExitCode::Conditional,
        Decision::ExplicitDeny | Decision::ImplicitDeny => ExitCode::No,
    };
    Ok(code.code())
}

/// Nobody is called so; with what was not read, which may be why.
pub(super) fn unknown(error: PrincipalError, account: &Account) -> Problem {
    let problem = Problem::new(error.to_string(), "").exit(ExitCode::Usage);
    let problem = error.next().into_iter().fold(problem, Problem::next);
    let unread = account.gaps.iter().map(|gap| format!("not read: {gap}"));
    unread.fold(problem, Problem::next)
}
