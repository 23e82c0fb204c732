"""A local IAM for tests, and for trying the program by hand.

Starts moto's server on a free port of 127.0.0.1, fills it in-process, and prints one line of
JSON: its URL, and the access keys of the users that have some. It ends when its standard input
closes, so that no server outlives the test that started it.

By hand, in an environment with `pip install 'moto[server]==5.2.5'`:

    python3 tests/support/moto_server.py --seed small
    AWS_ACCESS_KEY_ID=x AWS_SECRET_ACCESS_KEY=x cargo run -- --endpoint-url URL
"""

import argparse
import json
import logging
import os
import pathlib
import sys
import threading
import urllib.request

ACCOUNT = "111122223333"
# Moto reads both when it is imported.
os.environ["MOTO_ACCOUNT_ID"] = ACCOUNT
os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"

import boto3  # noqa: E402
from botocore.config import Config  # noqa: E402
from moto.moto_server.werkzeug_app import (  # noqa: E402
    DomainDispatcherApplication,
    create_backend_app,
)
from werkzeug.serving import make_server  # noqa: E402


def document(*actions, effect="Allow", resource="*"):
    """An identity policy of one statement."""
    statement = {"Effect": effect, "Action": list(actions), "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=2)


def trust(service):
    """A trust policy for one service."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def seed_small(iam):
    """A handful of everything that the program shows. Returns the access keys by user."""
    keys = {}
    iam.create_account_alias(AccountAlias="northwind-test")
    deploy = iam.create_policy(
        PolicyName="deploy",
        Path="/ci/",
        Description="What the pipeline may do",
        PolicyDocument=document("s3:PutObject", "s3:GetObject"),
        Tags=[{"Key": "team", "Value": "ci"}],
    )["Policy"]["Arn"]
    iam.create_policy_version(
        PolicyArn=deploy, PolicyDocument=document("s3:*"), SetAsDefault=True
    )
    edge = iam.create_policy(PolicyName="edge", PolicyDocument=document("s3:*", "sqs:*"))
    iam.create_group(GroupName="admins")
    iam.attach_group_policy(
        GroupName="admins", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess"
    )
    iam.create_group(GroupName="readers", Path="/teams/")
    iam.put_group_policy(
        GroupName="readers", PolicyName="read", PolicyDocument=document("s3:Get*")
    )

    iam.create_user(UserName="alice", Path="/staff/", Tags=[{"Key": "env", "Value": "prod"}])
    iam.add_user_to_group(GroupName="admins", UserName="alice")
    iam.add_user_to_group(GroupName="readers", UserName="alice")
    iam.put_user_policy(
        UserName="alice", PolicyName="own", PolicyDocument=document("sqs:SendMessage")
    )
    iam.create_login_profile(
        UserName="alice", Password="Correct-Horse-9", PasswordResetRequired=True
    )
    device = iam.create_virtual_mfa_device(VirtualMFADeviceName="alice")
    iam.enable_mfa_device(
        UserName="alice",
        SerialNumber=device["VirtualMFADevice"]["SerialNumber"],
        AuthenticationCode1="123456",
        AuthenticationCode2="654321",
    )
    iam.upload_ssh_public_key(UserName="alice", SSHPublicKeyBody="ssh-rsa AAAAB3NzaC1yc2E alice")
    keys["alice"] = iam.create_access_key(UserName="alice")["AccessKey"]
    iam.create_user(UserName="bob")
    iam.attach_user_policy(UserName="bob", PolicyArn=deploy)

    iam.create_role(
        RoleName="ci-deploy",
        Path="/ci/",
        Description="Deploys",
        MaxSessionDuration=7200,
        AssumeRolePolicyDocument=trust("codebuild"),
        PermissionsBoundary=edge["Policy"]["Arn"],
        Tags=[{"Key": "env", "Value": "prod"}],
    )
    iam.attach_role_policy(RoleName="ci-deploy", PolicyArn=deploy)
    iam.put_role_policy(
        RoleName="ci-deploy", PolicyName="logs", PolicyDocument=document("logs:PutLogEvents")
    )
    iam.create_role(RoleName="web", AssumeRolePolicyDocument=trust("ec2"))
    iam.create_instance_profile(InstanceProfileName="web")
    iam.add_role_to_instance_profile(InstanceProfileName="web", RoleName="web")

    for user, policy in {
        "lister": document("iam:List*"),
        "halfblind": document("iam:GetAccountAuthorizationDetails", "iam:GetUser"),
        "nobody": document("iam:GetUser"),
    }.items():
        iam.create_user(UserName=user)
        iam.put_user_policy(UserName=user, PolicyName="may", PolicyDocument=policy)
        keys[user] = iam.create_access_key(UserName=user)["AccessKey"]
    return keys


def seed_roles(count):
    """Many roles, made without HTTP, which would take minutes."""
    from moto.iam.models import iam_backends

    backend = iam_backends[ACCOUNT]["aws"]
    for n in range(count):
        role = backend.create_role(
            role_name=f"role-{n:04}",
            assume_role_policy_document=trust("ec2"),
            path="/",
            permissions_boundary=None,
            description="",
            tags=[{"Key": "n", "Value": str(n)}],
            max_session_duration="3600",
        )
        role.put_policy("own", document("s3:GetObject", resource=f"arn:aws:s3:::b{n % 40}/*"))
    return {}


def keep_what_is_in_use():
    """Drops the AWS managed policies that nothing uses: AWS answers with the others only."""
    from moto.iam.models import iam_backends

    backend = iam_backends[ACCOUNT]["aws"]
    policies = backend.managed_policies
    for arn in [a for a, p in policies.items() if ":aws:policy/" in a and not p.attachment_count]:
        del policies[arn]
    backend.aws_managed_policies = [p for p in policies.values() if ":aws:policy/" in p.arn]


def certificate(directory):
    """Makes a certificate for 127.0.0.1 that nobody vouches for, and returns its files."""
    import datetime
    import ipaddress

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a test")])
    now = datetime.datetime.now(datetime.timezone.utc)
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(address, critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    files = pathlib.Path(directory, "certificate.pem"), pathlib.Path(directory, "key.pem")
    files[0].write_bytes(made.public_bytes(pem))
    files[1].write_bytes(key.private_bytes(pem, *plain))
    return str(files[0]), str(files[1])


def main():
    """Starts, fills and keeps the server."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--seed", choices=["none", "small", "2000-roles"], default="small")
    options.add_argument("--enforce", action="store_true", help="check permissions from then on")
    options.add_argument("--guest", metavar="FILE", help="adds user guest, with this policy")
    options.add_argument("--tls", metavar="DIR", help="speak HTTPS; certificate.pem goes to DIR")
    options = options.parse_args()

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    files = certificate(options.tls) if options.tls else None
    app = DomainDispatcherApplication(create_backend_app)
    server = make_server("127.0.0.1", 0, app, threaded=True, ssl_context=files)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    scheme = "https" if files else "http"
    url = f"{scheme}://127.0.0.1:{server.port}"
    iam = boto3.client(
        "iam",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="seed",
        aws_secret_access_key="seed",
        config=Config(proxies={}),
        verify=files[0] if files else None,
    )
    keys = {}
    if options.seed == "small":
        keys = seed_small(iam)
    elif options.seed == "2000-roles":
        keys = seed_roles(2000)
    if options.guest:
        policy = pathlib.Path(options.guest).read_text(encoding="utf-8")
        iam.create_user(UserName="guest")
        iam.put_user_policy(UserName="guest", PolicyName="may", PolicyDocument=policy)
        keys["guest"] = iam.create_access_key(UserName="guest")["AccessKey"]
    keep_what_is_in_use()
    if options.enforce:
        request = urllib.request.Request(
            f"{url}/moto-api/reset-auth", data=b"0", headers={"Content-Type": "text/plain"}
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        opener.open(request).read()
    keys = {u: [k["AccessKeyId"], k["SecretAccessKey"]] for u, k in keys.items()}
    print(json.dumps({"url": url, "keys": keys}), flush=True)
    sys.stdin.read()
    # Threads that still hold a request would keep the interpreter alive.
    os._exit(0)


main()
