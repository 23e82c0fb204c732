//! The one table of commands.
//!
//! Each command is declared once. The dispatch of keys, the hint line, the help screen, the
//! palette, the README's table and the user's keymap file all read this table; nothing else in
//! the program knows a key.

/// Where a command can be run by key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// Everywhere, but for keys that a text field takes.
    Global,
    /// In the list and in the detail.
    Panes,
    /// In the list, and in the table of who can do something.
    List,
    /// In the table of who can do something.
    Answer,
    /// There, and in what is told beside it.
    WhoCan,
    /// In the detail.
    Detail,
    /// In the fields of a question.
    Fields,
    /// In a text field.
    Input,
    /// In a picker: a text field with a list below it.
    Picker,
    /// In the help.
    Help,
}

impl Scope {
    /// All scopes, in the order of the help.
    pub const ALL: [Self; 10] = [
        Self::Global,
        Self::Panes,
        Self::List,
        Self::Answer,
        Self::WhoCan,
        Self::Detail,
        Self::Fields,
        Self::Input,
        Self::Picker,
        Self::Help,
    ];

    /// The table's name in the keymap file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::Panes => "panes",
            Self::List => "list",
            Self::Answer => "answer",
            Self::WhoCan => "who-can",
            Self::Detail => "detail",
            Self::Fields => "fields",
            Self::Input => "input",
            Self::Picker => "picker",
            Self::Help => "help",
        }
    }

    /// What the help calls it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Global => "Everywhere",
            Self::Panes => "List and detail",
            Self::List => "List and table",
            Self::Answer => "Who can: the table",
            Self::WhoCan => "Who can",
            Self::Detail => "Detail",
            Self::Fields => "Who can: the fields",
            Self::Input => "Text field",
            Self::Picker => "Picker",
            Self::Help => "Help",
        }
    }
}

/// A command, declared.
#[derive(Debug)]
pub struct Command {
    /// Which it is.
    pub id: Id,
    /// Where its keys work.
    pub scope: Scope,
    /// Its name in the keymap file and the palette.
    pub name: &'static str,
    /// Its default keys; the first is the one that hints show.
    pub keys: &'static [&'static str],
    /// One or two words for the hint line.
    pub short: &'static str,
    /// One sentence.
    pub sentence: &'static str,
    /// How soon it yields its place in the hint line: 1 stays longest, 0 is never there.
    pub hint: u8,
    /// Whether it writes to the account. Such a command is refused centrally when read-only.
    pub writes: bool,
}

macro_rules! commands {
    ($($id:ident $scope:ident $name:literal [$($key:literal)*] $hint:literal $short:literal $sentence:literal;)*) => {
        /// The commands by name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Id {
            $(#[doc = $sentence] $id,)*
        }

        /// The table.
        pub const COMMANDS: &[Command] = &[$(Command {
            id: Id::$id,
            scope: Scope::$scope,
            name: $name,
            keys: &[$($key),*],
            short: $short,
            sentence: $sentence,
            hint: $hint,
            writes: false,
        },)*];
    };
}

commands! {
    Users Global "users" ["1"] 0 "users" "Show the users.";
    Groups Global "groups" ["2"] 0 "groups" "Show the groups.";
    Roles Global "roles" ["3"] 0 "roles" "Show the roles.";
    Policies Global "policies" ["4"] 0 "policies" "Show the managed policies.";
    WhoCan Global "who-can" ["5"] 0 "who can" "Show who can do something.";
    SavedQuestions Global "questions" ["ctrl-o"] 0 "questions" "Ask a saved question again.";
    ExplainDenied Global "explain-denied" ["D"] 0 "explain denial" "Explain a message about a denied request: paste it here, or anywhere while nothing is being typed.";
    Goto Global "goto" ["ctrl-g"] 6 "go to" "Go to an ARN, a name, a unique id or an access key id.";
    Caller Global "caller" ["I"] 0 "who am I" "Say whose credentials these are, and go to the user or role behind them.";
    Back Global "back" ["esc"] 9 "back" "One level back: to where a link was followed, or out of what is open.";
    NextPane Global "next-pane" ["tab"] 0 "next pane" "Go to the other pane.";
    PreviousPane Global "previous-pane" ["shift-tab"] 0 "other pane" "Go to the other pane, backwards.";
    Refresh Global "refresh" ["ctrl-r" "F5"] 8 "refresh" "Read the account again, or go on where a load broke off. The old data stays while the new comes.";
    CancelLoad Global "cancel-load" ["ctrl-x"] 0 "stop loading" "Stop loading and keep what came.";
    Palette Global "palette" [":" "F2"] 2 "commands" "Find and run any command by its name.";
    Help Global "help" ["?" "F1"] 1 "help" "Show what can be done here, with the keys.";
    Messages Global "messages" ["ctrl-e"] 0 "messages" "Show the whole of the last messages, and what could not be read.";
    Redraw Global "redraw" ["ctrl-l"] 0 "redraw" "Draw the screen anew.";
    Suspend Global "suspend" ["ctrl-z"] 0 "suspend" "Put the program to sleep; fg brings it back.";
    Quit Global "quit" ["q" "ctrl-c"] 7 "quit" "Leave.";

    Down Panes "down" ["j" "down"] 0 "down" "One line down.";
    Up Panes "up" ["k" "up"] 0 "up" "One line up.";
    HalfDown Panes "half-page-down" ["ctrl-d"] 0 "half down" "Half a page down.";
    HalfUp Panes "half-page-up" ["ctrl-u"] 0 "half up" "Half a page up.";
    PageDown Panes "page-down" ["pgdn" "ctrl-f"] 0 "page down" "One page down.";
    PageUp Panes "page-up" ["pgup" "ctrl-b"] 0 "page up" "One page up.";
    Top Panes "top" ["g" "home"] 0 "top" "To the first line.";
    Bottom Panes "bottom" ["G" "end"] 0 "bottom" "To the last line.";
    NextTab Panes "next-tab" ["]"] 0 "next tab" "The detail's next tab.";
    PreviousTab Panes "previous-tab" ["["] 0 "previous tab" "The detail's previous tab.";
    Copy Panes "copy" ["y"] 5 "copy" "Copy the ARN or name of what the cursor is on.";
    CopyJson Panes "copy-json" ["Y"] 9 "copy JSON" "Copy the JSON of what is shown: the document, or the whole entity.";
    Zoom Panes "zoom" ["z"] 9 "zoom" "Give the detail the whole screen, or give it back.";

    WhoCanHere Panes "who-can-here" ["w"] 4 "who can" "Ask who can do what the cursor is on: assume the role, do what the statement or the line of it says, change the user, group or policy.";

    Open List "open" ["enter" "l" "right"] 3 "open" "Go into the detail; fold and unfold a group of rows.";
    Filter List "filter" ["/"] 3 "filter" "Filter the list while you type: part of a name, tag:env=prod, path:/svc/, policy:Admin*, unused:90d, kind:aws, text:PassRole; ! inverts.";
    Sort List "sort" ["s"] 4 "sort" "Sort by a column.";
    Reverse List "reverse" ["S"] 0 "reverse" "Turn the order round.";

    GroupAnswer Answer "group" ["b"] 6 "group" "Put rows together by verdict, type, path or a tag.";
    ShowDenied Answer "denied" ["d"] 4 "denied" "Show those who cannot, or hide them.";
    ShowConditional Answer "conditional" ["i"] 7 "conditional" "Show those who can if more is met, or hide them.";
    ShowOutside Answer "outside" ["o"] 7 "outside" "Show those from outside, or hide them.";
    ShowDifferent Answer "different" ["="] 0 "different" "Show only those who stand otherwise in the pinned answer, or all.";
    ShowLinked Answer "service-linked" ["L"] 0 "service-linked" "Show service-linked roles, or hide them.";

    EditAction WhoCan "action" ["a"] 3 "action" "Type another action.";
    EditResource WhoCan "resource" ["r"] 4 "resource" "Type another resource.";
    EditContext WhoCan "context" ["c"] 5 "context" "Say what else is known of the request.";
    FollowChains WhoCan "chains" ["x"] 7 "chains" "Follow roles that are assumed one after the other, or do not.";
    Pin WhoCan "pin" ["p"] 7 "pin" "Hold this answer beside the next ones, or let it go.";
    Simulate WhoCan "simulate" ["v"] 6 "ask AWS" "Ask AWS's own simulator about the selected row, and show both verdicts.";
    Export WhoCan "export" ["E"] 6 "export" "Copy the answer as text, JSON or CSV, or the command that gives it; or write it to a file.";
    SaveQuestion WhoCan "save" ["ctrl-s"] 0 "save" "Save the question under a name.";
    Strict WhoCan "strict" ["t"] 8 "strict" "Take keys that are neither given nor known as missing, or as unknown.";

    Follow Detail "follow" ["enter"] 3 "follow" "Follow the link on this line, or fold and unfold.";
    TabRight Detail "tab-right" ["l" "right"] 4 "next tab" "The next tab.";
    TabLeft Detail "tab-left" ["h" "left"] 0 "previous tab" "The previous tab.";
    Fold Detail "fold" ["space"] 0 "fold" "Fold or unfold the block at the cursor; mark a version for comparison.";
    Outline Detail "outline" ["o"] 5 "outline" "Fold a document to one sentence a statement, or unfold all of it.";
    Search Detail "search" ["/"] 4 "search" "Search in the text.";
    NextMatch Detail "next-match" ["n"] 0 "next match" "To the next match.";
    PreviousMatch Detail "previous-match" ["N"] 0 "previous match" "To the previous match.";
    Compare Detail "compare" ["d"] 6 "compare" "Compare the marked version with the one at the cursor; without a mark, with the default version (the default itself with the one before).";
    DiffStyle Detail "diff-style" ["v"] 0 "inline or side" "Show a comparison inline or side by side.";

    AcceptField Fields "accept" ["enter"] 1 "take" "Take what is written or highlighted, and go to the answer.";
    LeaveFields Fields "leave" ["esc" "ctrl-c"] 2 "to the answer" "Go to the answer.";
    NextField Fields "next" ["tab"] 2 "next field" "Take what is written or highlighted, and go to the next field.";
    PreviousField Fields "previous" ["shift-tab"] 0 "field before" "Go to the field before.";

    Accept Input "accept" ["enter"] 1 "accept" "Take the text.";
    Cancel Input "cancel" ["esc" "ctrl-c"] 2 "cancel" "Leave the text field as it was before.";
    CharLeft Input "char-left" ["left" "ctrl-b"] 0 "left" "One character left.";
    CharRight Input "char-right" ["right" "ctrl-f"] 0 "right" "One character right.";
    WordLeft Input "word-left" ["alt-b" "ctrl-left"] 0 "word left" "One word left.";
    WordRight Input "word-right" ["alt-f" "ctrl-right"] 0 "word right" "One word right.";
    LineStart Input "line-start" ["home" "ctrl-a"] 0 "start" "To the start.";
    LineEnd Input "line-end" ["end" "ctrl-e"] 0 "end" "To the end.";
    DeleteLeft Input "delete-left" ["backspace" "ctrl-h"] 0 "delete" "Delete the character to the left.";
    DeleteRight Input "delete-right" ["delete"] 0 "delete right" "Delete the character at the cursor.";
    DeleteWord Input "delete-word" ["ctrl-w" "alt-backspace"] 0 "delete word" "Delete the word to the left.";
    ClearInput Input "clear" ["ctrl-u"] 3 "clear" "Delete all that was typed.";
    UndoInput Input "undo" ["ctrl-_" "ctrl-7"] 0 "undo" "Undo the last change of the text.";

    PickDown Picker "pick-down" ["down" "ctrl-n" "tab"] 0 "down" "One entry down.";
    PickUp Picker "pick-up" ["up" "ctrl-p" "shift-tab"] 0 "up" "One entry up.";
    PickPageDown Picker "pick-page-down" ["pgdn"] 0 "page down" "One page of entries down.";
    PickPageUp Picker "pick-page-up" ["pgup"] 0 "page up" "One page of entries up.";

    HelpDown Help "help-down" ["j" "down" "space"] 1 "down" "Scroll down.";
    HelpUp Help "help-up" ["k" "up"] 2 "up" "Scroll up.";
    HelpPageDown Help "help-page-down" ["pgdn" "ctrl-d"] 0 "page down" "One page down.";
    HelpPageUp Help "help-page-up" ["pgup" "ctrl-u"] 0 "page up" "One page up.";
    HelpClose Help "help-close" ["esc" "q" "?" "F1" "enter"] 3 "close" "Close the help.";
}

impl Id {
    /// The declaration.
    pub fn command(self) -> &'static Command {
        // The table is made by the same macro as the ids, in the same order.
        &COMMANDS[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_finds_its_own_declaration() {
        for command in COMMANDS {
            assert_eq!(command.id.command().id, command.id);
        }
    }

    #[test]
    fn every_command_is_explained_in_a_sentence() {
        for command in COMMANDS {
            assert!(command.sentence.ends_with('.'), "{}", command.name);
            assert!(!command.short.is_empty() && command.short.len() <= 16);
        }
    }
}
