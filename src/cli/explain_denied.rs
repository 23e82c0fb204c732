//! `iamscope explain-denied [TEXT|-]`.

use std::io::{self, IsTerminal, Read as _};

use super::can::unknown;
use super::question::{Format, QuestionOptions};
use super::{Global, load, output};
use crate::access::{Terms, ask, lacking, principal, remedy};
use crate::iam::Account;
use crate::policy::value::instant;
use crate::report::asking;
use crate::report::denied::{self, Denied, Explained};
use crate::report::verdict::Answered;
use crate::source::{ExitCode, Problem, Spec};
use crate::visible::visible;

/// What `explain-denied` takes.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The message may come from any tool, as it was printed: the AWS CLI, an SDK, Terraform,
CloudFormation; as JSON or XML; as an event of CloudTrail, or as what
`aws sts decode-authorization-message` prints.

Exit codes: 0 explained; 2 the message was not understood, or the question is not as it must be;
4 could not answer.")]
pub struct Options {
    /// The message; standard input without it or for -
    text: Option<String>,
    /// Who asked, where the message does not say or says it wrong
    #[arg(long, value_name = "PRINCIPAL")]
    principal: Option<String>,
    /// What they asked for, such as s3:GetObject
    #[arg(long, value_name = "ACTION")]
    action: Option<String>,
    /// On what: an ARN
    #[arg(long, value_name = "ARN")]
    resource: Option<String>,
    /// What else is known.
    #[command(flatten)]
    question: QuestionOptions,
    /// How the answer is printed
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// Runs the command.
pub(super) fn run(options: &Options, global: &Global) -> Result<(), Problem> {
    let read = options.question.read()?;
    let spec = global.spec()?;
    let denied = denied::parse(&text(options, &spec)?);
    let mut denied = denied.map_err(|error| {
        Problem::new("cannot explain the message", error.to_string())
            .next("give all of it, with what stands before and after")
            .next("or ask without it: iamscope can PRINCIPAL ACTION RESOURCE")
            .exit(ExitCode::Usage)
    })?;
    let undecoded = decode(&mut denied, &spec, global)?;
    fill_in(&mut denied, options);
    let (Some(who), Some(action)) = (denied.principal.clone(), &denied.action) else {
        return Err(incomplete(&denied, undecoded));
    };
    let action = options.question.action(action)?;
    denied.action = Some(action.clone());
    denied.notes.extend(undecoded);
    let account = load::for_question(global, |account| {
        let caller = principal(account, &who);
        let resource = denied.resource_in(account);
        let resource = resource.as_deref().unwrap_or("*");
        caller.map_or_else(
            |_| Vec::new(),
            |caller| lacking(account, &caller, &action, resource),
        )
    })?;
    let caller = principal(&account, &who).map_err(|error| unknown(error, &account))?;
    note_account(&mut denied, caller.account.as_deref(), &account);
    denied.resource = denied.resource_in(&account);
    let resource = denied.resource.clone().unwrap_or_else(|| "*".to_owned());
    let resource = asking::resource(&account, &action, &resource)?;
    let terms = terms(read.terms(), &denied, options);
    let asked = ask(&account, &terms, caller, &action, resource);
    let answered = Answered {
        remedy: remedy(&account, &terms, &asked),
        asked,
        account: account.id.as_deref().map(str::to_owned),
        action: action.clone(),
        is_strict: options.question.strict,
    };
    print(
        &Explained {
            denied: &denied,
            answered,
        },
        options.format,
    )
}

/// The message.
fn text(options: &Options, spec: &Spec) -> Result<String, Problem> {
    if let Some(text) = options.text.as_deref().filter(|text| *text != "-") {
        return Ok(text.to_owned());
    }
    if matches!(spec, Spec::Stdin) {
        let why = "the message and --snapshot - would both be read from standard input";
        return Err(Problem::new("cannot read the message", why)
            .next("give the message as an argument, or the account as a file")
            .exit(ExitCode::Usage));
    }
    if io::stdin().is_terminal() {
        // Who cannot be told waits, and ends it as ever.
        drop(output::note(
            "iamscope: paste the message, then press enter and ctrl-d",
        ));
    }
    let mut bytes = Vec::new();
    let most = denied::LIMIT as u64 + 1;
    let result = io::stdin().lock().take(most).read_to_end(&mut bytes);
    result.map_err(|error| Problem::new("cannot read standard input", error.to_string()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Has AWS decode what is encoded, where it can. Says what to do where it cannot.
fn decode(denied: &mut Denied, spec: &Spec, global: &Global) -> Result<Option<String>, Problem> {
    let Some(encoded) = denied.encoded.clone() else {
        return Ok(None);
    };
    if !matches!(spec, Spec::Live(_)) {
        return Ok(Some(format!(
            "only AWS can decode the encoded part: ask the live account, or give what this prints: \
             aws sts decode-authorization-message --encoded-message {encoded}"
        )));
    }
    let decoded = match load::decoded(global, &encoded) {
        Ok(decoded) => decoded,
        // What the rest of the message says can be explained without.
        Err(problem) if denied.action.is_some() && denied.principal.is_some() => {
            return Ok(Some(format!(
                "the encoded part was not decoded: {}",
                problem.one_line()
            )));
        }
        Err(problem) => return Err(problem),
    };
    match denied::parse(&decoded) {
        Ok(decoded) => {
            denied.learn(decoded);
            Ok(None)
        }
        Err(error) => Ok(Some(format!(
            "what AWS decoded was not understood: {error}"
        ))),
    }
}

/// What is said on the command line wins over what the message says.
fn fill_in(denied: &mut Denied, options: &Options) {
    if let Some(principal) = &options.principal {
        denied.principal = Some(principal.clone());
    }
    if let Some(action) = &options.action {
        denied.action = Some(action.clone());
    }
    if let Some(resource) = &options.resource {
        denied.resource = Some(resource.clone());
    }
    if denied.resource.is_none() && denied.action.is_some() {
        denied.notes.push(
            "the message names no resource: asked about all that there are (--resource says which)"
                .to_owned(),
        );
    }
}

/// The message does not say enough.
fn incomplete(denied: &Denied, undecoded: Option<String>) -> Problem {
    let is_unsaid = |is: bool, what: &'static str| is.then_some(what);
    let unsaid = [
        is_unsaid(denied.principal.is_none(), "who asked"),
        is_unsaid(denied.action.is_none(), "for which action"),
    ];
    let unsaid: Vec<&str> = unsaid.into_iter().flatten().collect();
    let why = format!("it does not say {}", unsaid.join(" and "));
    let mut problem = Problem::new("cannot explain the message", why).exit(ExitCode::Usage);
    if denied.principal.is_none() {
        problem = problem.next("say who with --principal NAME or ARN");
    }
    if denied.action.is_none() {
        let operation = denied.operation.as_deref().map(visible);
        problem = problem.next(match (operation, &denied.candidates[..]) {
            (Some(operation), []) => format!(
                "it names the operation {operation}, of which the catalogue does not tell the \
                 action: say it with --action SERVICE:ACTION"
            ),
            (Some(operation), candidates) => format!(
                "it names the operation {operation}, which several services have: say which with \
                 --action {}",
                candidates.join(" or ")
            ),
            (None, _) => "say what with --action SERVICE:ACTION".to_owned(),
        });
    }
    undecoded.into_iter().fold(problem, Problem::next)
}

/// Says so where the request is another account's than the one that is asked.
fn note_account(denied: &mut Denied, caller: Option<&str>, account: &Account) {
    if let (Some(caller), Some(own)) = (caller, account.id.as_deref())
        && caller != own
    {
        denied.notes.push(format!(
            "the principal is of account {caller}, and this is account {own}: what its own \
             policies say is not known here"
        ));
    }
}

/// What the question is asked with: what the options say, and what the message says besides.
fn terms<'a>(mut terms: Terms<'a>, denied: &Denied, options: &Options) -> Terms<'a> {
    for (key, values) in &denied.context {
        let is_same = |(known, _): &(String, Vec<String>)| known.eq_ignore_ascii_case(key);
        if !terms.context.iter().any(is_same) {
            terms.context.push((key.clone(), values.clone()));
        }
    }
    let of_message = denied.time.as_deref().and_then(instant);
    if options.question.now.is_none() && of_message.is_some() {
        terms.now = of_message;
    }
    terms
}

fn print(explained: &Explained<'_>, format: Format) -> Result<(), Problem> {
    let unprinted =
        |error: &dyn std::fmt::Display| Problem::new("cannot print the answer", error.to_string());
    let text = match format {
        Format::Table => explained
            .text(output::style())
            .map_err(|error| unprinted(&error))?,
        Format::Json => explained.json().map_err(|error| unprinted(&error))? + "\n",
    };
    output::to_stdout(|out| out.write_all(text.as_bytes()))
}
