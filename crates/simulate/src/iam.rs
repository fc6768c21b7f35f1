//! Calls that make or change identities and what they may do.

use alloc::format;
use alloc::string::{String, ToString as _};

use serde_json::json;

use crate::call::Call;
use crate::clock::create_date;
use crate::organization::{FOREIGN, User};

pub(crate) const ADMINISTRATOR: &str = "arn:aws:iam::aws:policy/AdministratorAccess";

pub(crate) fn create_user(user: &User, at: i64) -> Call {
    let response = json!({"user": {
        "path": "/", "userName": user.name, "userId": &user.id, "arn": user.arn(),
        "createDate": create_date(at)
    }});
    Call::write("iam", "CreateUser")
        .request(json!({"userName": user.name}).to_string())
        .response(response.to_string())
}

pub(crate) fn create_access_key(user: &User, access_key_id: &str, at: i64) -> Call {
    let response = json!({"accessKey": {
        "accessKeyId": access_key_id, "status": "Active", "userName": user.name,
        "createDate": create_date(at)
    }});
    Call::write("iam", "CreateAccessKey")
        .request(json!({"userName": user.name}).to_string())
        .response(response.to_string())
}

pub(crate) fn create_login_profile(user: &User, at: i64) -> Call {
    let response = json!({"loginProfile": {
        "userName": user.name, "passwordResetRequired": false, "createDate": create_date(at)
    }});
    Call::write("iam", "CreateLoginProfile")
        .request(json!({"userName": user.name, "passwordResetRequired": false}).to_string())
        .response(response.to_string())
}

pub(crate) fn attach_user_policy(user: &User, policy: &str) -> Call {
    Call::write("iam", "AttachUserPolicy")
        .request(json!({"userName": user.name, "policyArn": policy}).to_string())
}

pub(crate) fn deactivate_access_key(user: &User) -> Call {
    let request = json!({
        "userName": user.name, "accessKeyId": &user.access_key_id, "status": "Inactive"
    });
    Call::write("iam", "UpdateAccessKey").request(request.to_string())
}

/// Lets the attacker's own account assume `role_name`.
pub(crate) fn trust_foreign_account(role_name: &str) -> Call {
    let policy = json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "sts:AssumeRole",
        "Principal": {"AWS": format!("arn:aws:iam::{FOREIGN}:root")}
    }]});
    let request = json!({"roleName": role_name, "policyDocument": policy.to_string()});
    Call::write("iam", "UpdateAssumeRolePolicy").request(request.to_string())
}

/// Lets `role_name` do everything.
pub(crate) fn put_role_policy(role_name: &str) -> Call {
    let policy = json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "*", "Resource": "*"
    }]});
    let request = json!({
        "roleName": role_name, "policyName": "inline-telemetry",
        "policyDocument": policy.to_string()
    });
    Call::write("iam", "PutRolePolicy").request(request.to_string())
}

pub(crate) fn create_function(name: &str, role_arn: &str, account: &str) -> Call {
    let arn = format!("arn:aws:lambda:us-east-1:{account}:function:{name}");
    let request = json!({
        "functionName": name, "runtime": "python3.13", "role": role_arn,
        "handler": "index.handler", "code": {"zipFile": "HIDDEN_DUE_TO_SECURITY_REASONS"},
        "timeout": 30, "memorySize": 128, "publish": false
    });
    let response = json!({
        "functionName": name, "functionArn": arn, "runtime": "python3.13", "role": role_arn,
        "handler": "index.handler", "codeSize": 1_893, "timeout": 30, "memorySize": 128,
        "version": "$LATEST", "state": "Pending", "stateReasonCode": "Creating",
        "packageType": "Zip", "architectures": ["x86_64"]
    });
    Call::write("lambda", "CreateFunction20150331")
        .request(request.to_string())
        .response(response.to_string())
}

/// The message of a refused call, as AWS words it.
pub(crate) fn refusal(arn: &str, action: &str, resource: &str) -> String {
    format!(
        "User: {arn} is not authorized to perform: {action} on resource: {resource} because no identity-based policy allows the {action} action"
    )
}
