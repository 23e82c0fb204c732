//! An IAM that misbehaves on request: a small HTTP/1.1 server that answers IAM's query protocol
//! as a test scripts it.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use iamscope::source::LiveOptions;
use percent_encoding::percent_decode_str;

/// One call as it came in.
#[derive(Debug, Clone)]
pub struct Call {
    /// Such as `ListUsers`.
    pub action: String,
    /// Its parameters.
    pub parameters: BTreeMap<String, String>,
    /// The access key that signed it.
    pub key: String,
    /// How many calls of the same action and filter came before.
    pub nth: usize,
}

impl Call {
    /// A parameter, or nothing.
    pub fn get(&self, name: &str) -> &str {
        self.parameters.get(name).map_or("", String::as_str)
    }

    /// The filter of a backbone read.
    pub fn filter(&self) -> &str {
        self.get("Filter.member.1")
    }
}

/// What to send back.
#[derive(Debug, Clone)]
pub enum Answer {
    /// The result of the call, without the envelope.
    Result(String),
    /// One of IAM's errors.
    Error(u16, &'static str, &'static str),
    /// Anything else: status, content type, body.
    Raw(u16, &'static str, String),
    /// The beginning of a result, after which the connection breaks.
    CutShort(String),
    /// No answer: the connection is closed.
    HangUp,
    /// An answer that takes its time.
    After(Duration, Box<Answer>),
}

/// IAM says that the caller may not.
pub fn denied() -> Answer {
    Answer::Error(403, "AccessDenied", "User is not authorized")
}

/// IAM says that the calls come too fast.
pub fn throttled() -> Answer {
    Answer::Error(400, "Throttling", "Rate exceeded")
}

/// A page of a backbone read. With a marker, more follow.
pub fn page(members: &str, marker: Option<&str>) -> Answer {
    Answer::Result(match marker {
        Some(marker) => {
            format!("{members}<IsTruncated>true</IsTruncated><Marker>{marker}</Marker>")
        }
        None => format!("{members}<IsTruncated>false</IsTruncated>"),
    })
}

/// Users of a backbone read.
pub fn users(names: &[&str]) -> String {
    let members: String = names.iter().map(|name| user(name)).collect();
    format!("<UserDetailList>{members}</UserDetailList>")
}

fn user(name: &str) -> String {
    format!(
        "<member><Path>/</Path><UserName>{name}</UserName><UserId>AIDA{name}</UserId>\
         <Arn>arn:aws:iam::111122223333:user/{name}</Arn>\
         <CreateDate>2024-05-06T07:08:09Z</CreateDate></member>"
    )
}

/// Roles of a backbone read. With a boundary, each is bounded by it.
pub fn roles(names: &[&str], boundary: Option<&str>) -> String {
    let boundary = boundary.map_or(String::new(), |arn| {
        format!(
            "<PermissionsBoundary><PermissionsBoundaryType>Policy</PermissionsBoundaryType>\
             <PermissionsBoundaryArn>{arn}</PermissionsBoundaryArn></PermissionsBoundary>"
        )
    });
    let members: String = names
        .iter()
        .map(|name| {
            format!(
                "<member><Path>/</Path><RoleName>{name}</RoleName><RoleId>AROA{name}</RoleId>\
                 <Arn>arn:aws:iam::111122223333:role/{name}</Arn>\
                 <CreateDate>2024-05-06T07:08:09Z</CreateDate>\
                 <AssumeRolePolicyDocument>%7B%22a%22%3A%20%22x+y%22%7D</AssumeRolePolicyDocument>\
                 {boundary}</member>"
            )
        })
        .collect();
    format!("<RoleDetailList>{members}</RoleDetailList>")
}

/// What `GetCallerIdentity` answers.
pub fn caller() -> Answer {
    Answer::Result(
        "<Arn>arn:aws:sts::111122223333:assumed-role/admin/me</Arn>\
         <UserId>AROAX:me</UserId><Account>111122223333</Account>"
            .to_owned(),
    )
}

/// A quiet account with nothing in it: the answers to what a script says nothing about.
pub fn quiet(call: &Call) -> Answer {
    match call.action.as_str() {
        "GetCallerIdentity" => caller(),
        "GetAccountAuthorizationDetails" => page("", None),
        "ListAccountAliases" => Answer::Result(
            "<AccountAliases><member>quiet</member></AccountAliases><IsTruncated>false</IsTruncated>"
                .to_owned(),
        ),
        "GetAccountSummary" => Answer::Result("<SummaryMap/>".to_owned()),
        "GetLoginProfile" => Answer::Error(404, "NoSuchEntity", "no profile"),
        _ => Answer::Result("<IsTruncated>false</IsTruncated>".to_owned()),
    }
}

/// A responder at work. Its threads end with the process.
pub struct Responder {
    /// Where it listens.
    pub url: String,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl Responder {
    /// Starts one. The script answers each call, or leaves it to [`quiet`].
    pub fn start(script: impl Fn(&Call) -> Option<Answer> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let address = listener.local_addr().expect("a listener has an address");
        let calls: Arc<Mutex<Vec<Call>>> = Arc::default();
        let (script, log) = (Arc::new(script), calls.clone());
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (script, log) = (script.clone(), log.clone());
                thread::spawn(move || {
                    // A client that goes away ends its connection, which is no fault here.
                    let _ = serve(&stream, &*script, &log);
                });
            }
        });
        Self {
            url: format!("http://{address}"),
            calls,
        }
    }

    /// The calls so far, each try counted.
    pub fn calls(&self) -> Vec<Call> {
        self.calls.lock().expect("no responder thread died").clone()
    }

    /// How often an action was called.
    pub fn count(&self, action: &str) -> usize {
        self.calls().iter().filter(|c| c.action == action).count()
    }

    /// How to open the account that it plays.
    pub fn options(&self) -> LiveOptions {
        super::moto::options(&self.url, "AKIAIOSFODNN7EXAMPLE", "any")
    }
}

fn serve(
    stream: &TcpStream,
    script: &dyn Fn(&Call) -> Option<Answer>,
    log: &Mutex<Vec<Call>>,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    while let Some((key, body)) = request(&mut reader)? {
        let call = {
            let mut log = log.lock().expect("no responder thread died");
            let mut call = parse(key, &body);
            let same = |c: &&Call| c.action == call.action && c.filter() == call.filter();
            call.nth = log.iter().filter(same).count();
            log.push(call.clone());
            call
        };
        let answer = script(&call).unwrap_or_else(|| quiet(&call));
        if !send(stream, &call.action, answer)? {
            return Ok(());
        }
    }
    Ok(())
}

/// The key and the body of the next request, or nothing at the connection's end.
fn request(reader: &mut impl BufRead) -> std::io::Result<Option<(String, String)>> {
    let mut length = 0;
    let mut key = String::new();
    let mut line = String::new();
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        if line == "\r\n" {
            break;
        }
        let Some((name, value)) = line.split_once(':') else {
            continue;
        };
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().unwrap_or(0);
        } else if name.eq_ignore_ascii_case("authorization")
            && let Some((_, credential)) = value.split_once("Credential=")
        {
            key = credential.split('/').next().unwrap_or_default().to_owned();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(Some((key, String::from_utf8_lossy(&body).into_owned())))
}

fn parse(key: String, body: &str) -> Call {
    let parameters: BTreeMap<String, String> = body
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| {
            let value = percent_decode_str(value).decode_utf8_lossy();
            (name.to_owned(), value.into_owned())
        })
        .collect();
    Call {
        action: parameters.get("Action").cloned().unwrap_or_default(),
        parameters,
        key,
        nth: 0,
    }
}

/// Sends an answer, and says whether the connection still stands.
fn send(mut stream: &TcpStream, action: &str, answer: Answer) -> std::io::Result<bool> {
    let (status, kind, body, cut) = match answer {
        Answer::Result(result) => (200, "text/xml", envelope(action, &result), false),
        Answer::CutShort(result) => (200, "text/xml", envelope(action, &result), true),
        Answer::Error(status, code, message) => {
            let body = format!(
                "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code>\
                 <Message>{message}</Message></Error><RequestId>r</RequestId></ErrorResponse>"
            );
            (status, "text/xml", body, false)
        }
        Answer::Raw(status, kind, body) => (status, kind, body, false),
        Answer::HangUp => return Ok(false),
        Answer::After(time, answer) => {
            thread::sleep(time);
            return send(stream, action, *answer);
        }
    };
    let sent = if cut { body.len() / 2 } else { body.len() };
    write!(
        stream,
        "HTTP/1.1 {status} -\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n{}",
        body.len(),
        &body[..sent]
    )?;
    stream.flush()?;
    Ok(!cut)
}

fn envelope(action: &str, result: &str) -> String {
    format!(
        "<{action}Response><{action}Result>{result}</{action}Result>\
         <ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></{action}Response>"
    )
}
