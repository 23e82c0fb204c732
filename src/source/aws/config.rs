//! From the AWS configuration to something that calls can be made with.
//!
//! The SDK reads the configuration. What is decided here: the region where none is configured,
//! how long credentials may take, how often and how long a call is tried, and what people are
//! told when there are no credentials.

use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::{BehaviorVersion, ConfigLoader, Region, SdkConfig};
use aws_credential_types::credential_feature::AwsCredentialFeature;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_sdk_iam::config::retry::RetryConfig;
use aws_sdk_iam::config::timeout::TimeoutConfig;
use aws_sdk_iam::config::{
    AppName, Credentials, IdentityCache, SharedHttpClient, StalledStreamProtectionConfig,
};
use aws_smithy_http_client::proxy::ProxyConfig;

use super::errors::{chain, says_expired};
use super::http;
use super::profiles::Profiles;
use crate::source::{ExitCode, Explicit, LiveOptions, Problem};

/// The tries of a call, the first included.
pub(super) const ATTEMPTS: u32 = 5;

/// How long credentials may take, a helper or a sign-in service included.
const CREDENTIALS_WITHIN: Duration = Duration::from_secs(30);

/// The region where none is configured: its partition is the one that nearly everybody is in.
const DEFAULT_REGION: &str = "us-east-1";

/// A configuration with credentials.
#[derive(Debug)]
pub(super) struct Setup {
    pub(super) sdk: SdkConfig,
    /// What people call the source.
    pub(super) label: String,
    /// The profile whose credentials are in use.
    pub(super) profile: Option<String>,
    /// Where IAM is called, for messages.
    pub(super) endpoint: String,
    pub(super) region: String,
}

/// An environment variable that is set to something.
pub(super) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// Reads the configuration and finds credentials.
pub(super) async fn resolve(options: &LiveOptions) -> Result<Setup, Problem> {
    check_endpoint(options.endpoint_url.as_deref())?;
    match &options.explicit {
        Some(explicit) => from_explicit(options, explicit).await,
        None => from_machine(options).await,
    }
}

fn check_endpoint(url: Option<&str>) -> Result<(), Problem> {
    match url {
        Some(url) if !(url.starts_with("http://") || url.starts_with("https://")) => {
            Err(Problem::new(
                format!("{url} is no endpoint"),
                "it does not begin with http:// or https://",
            )
            .exit(ExitCode::Usage))
        }
        _ => Ok(()),
    }
}

fn loader(options: &LiveOptions, http: SharedHttpClient, backoff: Duration) -> ConfigLoader {
    let loader = aws_config::defaults(BehaviorVersion::latest())
        .http_client(http)
        .retry_config(
            RetryConfig::standard()
                .with_max_attempts(ATTEMPTS)
                .with_initial_backoff(backoff),
        )
        .timeout_config(
            TimeoutConfig::builder()
                .connect_timeout(Duration::from_secs(4))
                .read_timeout(Duration::from_secs(60))
                .operation_attempt_timeout(Duration::from_secs(180))
                .build(),
        )
        // A page of a thousand entities takes IAM a while to put together.
        .stalled_stream_protection(
            StalledStreamProtectionConfig::enabled()
                .grace_period(Duration::from_secs(30))
                .build(),
        )
        .identity_cache(
            IdentityCache::lazy()
                .load_timeout(CREDENTIALS_WITHIN + Duration::from_secs(1))
                .build(),
        );
    let loader = match AppName::new("iamscope") {
        Ok(name) => loader.app_name(name),
        Err(_) => loader,
    };
    match &options.endpoint_url {
        Some(url) => loader.endpoint_url(url),
        None => loader,
    }
}

/// A source that reads nothing of the machine.
async fn from_explicit(options: &LiveOptions, explicit: &Explicit) -> Result<Setup, Problem> {
    let http = http::client(None, ProxyConfig::disabled())?;
    let region = options.region.as_deref().unwrap_or(DEFAULT_REGION);
    let credentials = Credentials::new(
        &explicit.access_key_id,
        &explicit.secret_access_key,
        explicit.session_token.clone(),
        None,
        "explicit",
    );
    let nothing = EnvConfigFiles::builder()
        .with_contents(EnvConfigFileKind::Config, "")
        .build();
    let sdk = loader(options, http, explicit.backoff)
        .empty_test_environment()
        .profile_files(nothing)
        .region(Region::new(region.to_owned()))
        .credentials_provider(credentials)
        .load()
        .await;
    Ok(Setup {
        label: format!("access key {}", explicit.access_key_id),
        profile: None,
        endpoint: endpoint(options.endpoint_url.clone(), region),
        region: region.to_owned(),
        sdk,
    })
}

async fn from_machine(options: &LiveOptions) -> Result<Setup, Problem> {
    let profiles = Profiles::read(options.profile.as_deref()).await?;
    profiles.check_exists()?;
    // As with the AWS CLI, a profile of the command line wins over the environment's keys.
    let from_environment = options.profile.is_none() && variable("AWS_ACCESS_KEY_ID").is_some();
    if !from_environment {
        profiles.check_mfa()?;
    }
    let bundle = variable("AWS_CA_BUNDLE").or(profiles.get("ca_bundle").map(Into::into));
    let http = http::client(bundle.as_deref().map(Path::new), ProxyConfig::from_env())?;
    let configured = options
        .region
        .clone()
        .or_else(|| configured_region(&profiles));
    let region = Region::new(configured.clone().unwrap_or(DEFAULT_REGION.into()));
    let mut loader = loader(options, http.clone(), Duration::from_secs(1))
        .profile_files(profiles.files.clone())
        .profile_name(&profiles.name)
        .region(region.clone());
    if let Some(name) = &options.profile {
        let machine = ProviderConfig::default()
            .with_http_client(http)
            .with_region(Some(region.clone()));
        let provider = ProfileFileCredentialsProvider::builder()
            .configure(&machine)
            .profile_files(profiles.files.clone())
            .profile_name(name);
        loader = loader.credentials_provider(provider.build());
    }
    let sdk = loader.load().await;
    let (sdk, first) = with_credentials(sdk, &profiles).await?;
    let region = match configured {
        Some(region) => region,
        None if comes_from(&first, &AwsCredentialFeature::CredentialsImds) => {
            instance_region().await
        }
        None => DEFAULT_REGION.to_owned(),
    };
    let sdk = sdk
        .into_builder()
        .region(Region::new(region.clone()))
        .build();
    let in_profile = !from_environment && profiles.exists();
    let url = configured_endpoint(options, &profiles);
    let mut label = label(&first, in_profile.then_some(profiles.name.as_str()));
    // Whoever looks at another IAM than AWS's should see so all the time.
    if let Some((_, host)) = url.as_deref().and_then(|url| url.split_once("://")) {
        label.push_str(&format!(" at {}", host.trim_end_matches('/')));
    }
    Ok(Setup {
        label,
        profile: in_profile.then(|| profiles.name.clone()),
        endpoint: endpoint(url, &region),
        region,
        sdk,
    })
}

fn configured_region(profiles: &Profiles) -> Option<String> {
    variable("AWS_REGION")
        .or_else(|| variable("AWS_DEFAULT_REGION"))
        .or_else(|| profiles.get("region").map(Into::into))
}

fn configured_endpoint(options: &LiveOptions, profiles: &Profiles) -> Option<String> {
    let options = options.endpoint_url.clone();
    options
        .or_else(|| variable("AWS_ENDPOINT_URL_IAM"))
        .or_else(|| variable("AWS_ENDPOINT_URL"))
        .or_else(|| profiles.get("endpoint_url").map(Into::into))
}

fn endpoint(url: Option<String>, region: &str) -> String {
    url.unwrap_or_else(|| format!("IAM (region {region})"))
}

fn comes_from(credentials: &Credentials, feature: &AwsCredentialFeature) -> bool {
    credentials
        .get_property::<Vec<AwsCredentialFeature>>()
        .is_some_and(|features| features.contains(feature))
}

fn label(credentials: &Credentials, profile: Option<&str>) -> String {
    if comes_from(credentials, &AwsCredentialFeature::CredentialsEnvVars) && profile.is_none() {
        return "environment".into();
    }
    if comes_from(credentials, &AwsCredentialFeature::CredentialsImds) && profile.is_none() {
        return "instance role".into();
    }
    match profile {
        Some(name) => format!("profile {name}"),
        None => "role of this machine".into(),
    }
}

/// The region of the EC2 instance whose role is in use. Its metadata service has just answered,
/// so that asking costs no time.
async fn instance_region() -> String {
    let provider = aws_config::imds::region::ImdsRegionProvider::builder().build();
    let region = tokio::time::timeout(Duration::from_secs(2), provider.region()).await;
    match region {
        Ok(Some(region)) => region.to_string(),
        _ => DEFAULT_REGION.to_owned(),
    }
}

/// Gets credentials once, so that what is missing is told at the start and not by the first call.
async fn with_credentials(
    sdk: SdkConfig,
    profiles: &Profiles,
) -> Result<(SdkConfig, Credentials), Problem> {
    let Some(provider) = sdk.credentials_provider() else {
        return Err(Problem::new("no credentials", "none are configured"));
    };
    let held = Held {
        provider,
        first: Mutex::default(),
    };
    let first = held
        .get()
        .await
        .map_err(|error| no_credentials(&error, profiles))?;
    *held.first.lock().unwrap_or_else(PoisonError::into_inner) = Some(first.clone());
    let sdk = sdk
        .into_builder()
        .credentials_provider(SharedCredentialsProvider::new(held))
        .build();
    Ok((sdk, first))
}

/// Hands the first credentials out a second time, so that no helper is run and no role assumed
/// twice, and puts a limit to the time that others take.
#[derive(Debug)]
struct Held {
    provider: SharedCredentialsProvider,
    first: Mutex<Option<Credentials>>,
}

impl Held {
    async fn get(&self) -> Result<Credentials, CredentialsError> {
        let asked = self.provider.provide_credentials();
        tokio::time::timeout(CREDENTIALS_WITHIN, asked)
            .await
            .unwrap_or(Err(CredentialsError::provider_timed_out(
                CREDENTIALS_WITHIN,
            )))
    }
}

impl ProvideCredentials for Held {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let first = self
            .first
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        match first {
            Some(credentials) => future::ProvideCredentials::ready(Ok(credentials)),
            None => future::ProvideCredentials::new(self.get()),
        }
    }
}

/// What people read when there are no credentials.
fn no_credentials(error: &CredentialsError, profiles: &Profiles) -> Problem {
    let name = &profiles.name;
    let words = chain(error);
    let problem = if nothing_configured(error, &words, profiles) {
        Problem::new("no AWS credentials", tried(profiles))
            .next("Sign in (`aws configure sso`, `aws configure`), or choose --profile NAME.")
    } else {
        let what = match error {
            _ if says_expired(&words) => format!("the session of profile {name} has expired"),
            _ => format!("no AWS credentials from profile {name}"),
        };
        let why = match error {
            CredentialsError::ProviderTimedOut(_) => format!(
                "nothing came within {} seconds; a helper cannot ask anything here",
                CREDENTIALS_WITHIN.as_secs()
            ),
            _ if profiles.get("login_session").is_some() => {
                "it signs in with `aws login`, whose sessions iamscope does not read".to_owned()
            }
            _ => words,
        };
        let problem = Problem::new(what, why);
        if profiles.uses_sso() {
            problem.next(format!("Sign in: aws sso login --profile {name}"))
        } else {
            problem
                .next(format!(
                    "Try it outside: aws sts get-caller-identity --profile {name}"
                ))
                .next(format!(
                    "If that works: eval \"$(aws configure export-credentials --profile {name} \
                     --format env)\", then start without a profile."
                ))
        }
    };
    problem.next("`iamscope --demo` needs no credentials.")
}

/// Whether nothing names a place to get credentials from. The last that is then asked is the
/// instance's metadata service, which fails in many ways where there is no instance.
fn nothing_configured(error: &CredentialsError, words: &str, profiles: &Profiles) -> bool {
    matches!(error, CredentialsError::CredentialsNotLoaded(_))
        || (!profiles.exists() && words.contains("IMDS"))
}

fn tried(profiles: &Profiles) -> String {
    let name = &profiles.name;
    let state = if profiles.exists() {
        "holds none"
    } else {
        "is not there"
    };
    format!(
        "tried the environment (AWS_ACCESS_KEY_ID), profile {name}, which {state}, web identity, \
         the container's role and the instance's role"
    )
}
