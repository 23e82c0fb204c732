//! Files of the user's: where they are, the saved questions, and files that answers are written to.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::{env, fs};

use crate::report::questions::{self, Fault, File, Question};
use crate::source::{Problem, written};

/// Where a file of the user's would be: in the directory that the XDG base directory specification
/// names.
pub(super) fn user_file(name: &str) -> Option<PathBuf> {
    let set = |name| {
        env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let config = set("XDG_CONFIG_HOME")
        .filter(|path| path.is_absolute())
        .or_else(|| set("HOME").map(|home| home.join(".config")))?;
    Some(config.join("iamscope").join(name))
}

/// Reads the questions of a file; none where there is no file yet.
///
/// # Errors
/// A [`Problem`] where it cannot be read, or is not as it must be.
pub(super) fn read(path: &Path) -> Result<Vec<Question>, Problem> {
    let (_, file) = contents(path)?;
    Ok(file.questions)
}

/// Saves a question, in place of one of the same name: what was expected of that stays. Gives what
/// to say.
///
/// # Errors
/// A [`Problem`] where that fails; the file stays as it was then.
pub(super) fn save(path: &Path, question: Question) -> Result<String, Problem> {
    let (text, file) = contents(path)?;
    let mut before = file.questions.into_iter();
    let before = before.find(|it| it.name == question.name);
    let verb = if before.is_some() {
        "replaced"
    } else {
        "saved"
    };
    let question = match before {
        Some(before) => Question {
            expect: before.expect,
            conditional: before.conditional,
            root: before.root,
            ..question
        },
        None => question,
    };
    let text = questions::add(&text, &question).map_err(|faults| wrong(path, &faults))?;
    if let Some(folder) = path.parent().filter(|it| !it.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(|error| written::failed(path, &error))?;
    }
    written::replace(path, true, |file| file.write_all(text.as_bytes()))?;
    Ok(format!("{verb} {:?} in {}", question.name, path.display()))
}

/// Writes a new file, readable by its owner alone. Gives what to say.
///
/// # Errors
/// A [`Problem`] where that fails, or there is one already.
pub(super) fn write(path: &Path, text: &str) -> Result<String, Problem> {
    if written::check(path, "name a file")? {
        let why = "there is one already";
        return Err(written::wrong(path, why, "name another file"));
    }
    written::replace(path, false, |file| file.write_all(text.as_bytes()))?;
    let lines = text.lines().count();
    Ok(format!("wrote {lines} lines to {}", path.display()))
}

/// The text of a file of questions, and what it says.
fn contents(path: &Path) -> Result<(String, File), Problem> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => {
            let what = format!("cannot read {}", path.display());
            return Err(Problem::new(what, error.to_string()));
        }
    };
    let file = questions::read(&text).map_err(|faults| wrong(path, &faults))?;
    Ok((text, file))
}

fn wrong(path: &Path, faults: &[Fault]) -> Problem {
    let mut faults = faults.iter().map(ToString::to_string);
    let first = faults.next().unwrap_or_default();
    let what = format!(
        "the questions in {} are not as they must be",
        path.display()
    );
    faults.fold(Problem::new(what, first), Problem::next)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::questions::Expect;

    #[test]
    fn a_question_is_saved_replaced_and_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/questions.toml");
        assert_eq!(read(&path).unwrap(), []);
        let question = Question::new("who passes", "iam:PassRole");
        let said = save(&path, question.clone()).unwrap();
        assert!(said.starts_with("saved"), "{said}");
        assert_eq!(read(&path).unwrap(), [question]);
        // What a person adds by hand stays.
        let by_hand = fs::read_to_string(&path).unwrap() + "expect = { max = 3 }\n# mine\n";
        fs::write(&path, by_hand).unwrap();
        let said = save(&path, Question::new("who passes", "iam:*Role")).unwrap();
        assert!(said.starts_with("replaced"), "{said}");
        let saved = &read(&path).unwrap()[0];
        assert_eq!(saved.action, ["iam:*Role"]);
        let expect = Expect {
            max: Some(3),
            ..Expect::default()
        };
        assert_eq!(saved.expect, Some(expect));
        assert!(fs::read_to_string(&path).unwrap().contains("# mine"));
    }

    #[test]
    fn a_broken_file_stays_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("questions.toml");
        fs::write(&path, "[[question]]\nname = 1\n").unwrap();
        let problem = save(&path, Question::new("a", "iam:PassRole")).unwrap_err();
        assert!(problem.why.contains("line "), "{problem:?}");
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(text, "[[question]]\nname = 1\n");
    }

    #[test]
    fn an_answer_replaces_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("answer.txt");
        assert!(write(&path, "a\nb\n").unwrap().starts_with("wrote 2 lines"));
        assert!(write(&path, "c").is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "a\nb\n");
    }
}
