//! Amazon Resource Names, in every partition.

/// The parts of `arn:partition:service:region:account-id:resource`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Arn<'a> {
    /// `aws`, `aws-cn`, `aws-us-gov` or another partition.
    pub partition: &'a str,
    /// The service's namespace.
    pub service: &'a str,
    /// The Region; empty for global services.
    pub region: &'a str,
    /// The account id; empty for some resources.
    pub account_id: &'a str,
    /// Everything after the account id.
    pub resource: &'a str,
}

/// The parts of the ARN of a role session, `assumed-role/ROLE/SESSION`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct RoleSession<'a> {
    /// The role's name, without its path.
    pub role_name: &'a str,
    /// `roleSessionName`, chosen by whoever assumed the role.
    pub role_session_name: &'a str,
}

impl<'a> Arn<'a> {
    /// The parts of `text`, if it has the form of an ARN.
    pub fn parse(text: &'a str) -> Option<Self> {
        // Parts are short, and ARNs are taken apart all the time: a search by words of the machine
        // takes longer than looking at each byte.
        let mut rest = text.strip_prefix("arn:")?;
        let mut part = || {
            let end = rest.bytes().position(|byte| byte == b':')?;
            let (part, after) = rest.split_at_checked(end)?;
            rest = after.strip_prefix(':')?;
            Some(part)
        };
        let (partition, service, region, account_id) = (part()?, part()?, part()?, part()?);
        Some(Self { partition, service, region, account_id, resource: rest })
    }

    /// The role's name without its path, for the ARN of a role.
    pub fn role_name(&self) -> Option<&'a str> {
        self.resource.strip_prefix("role/")?.rsplit('/').next()
    }

    /// The user's name without its path, for the ARN of a user.
    pub fn user_name(&self) -> Option<&'a str> {
        self.resource.strip_prefix("user/")?.rsplit('/').next()
    }

    /// Role and session, for the ARN of a role session.
    pub fn role_session(&self) -> Option<RoleSession<'a>> {
        let (role_name, role_session_name) =
            self.resource.strip_prefix("assumed-role/")?.split_once('/')?;
        Some(RoleSession { role_name, role_session_name })
    }
}

#[cfg(test)]
mod tests {
    use super::Arn;

    #[test]
    fn the_path_of_a_role_is_not_its_name() {
        let arn =
            Arn::parse("arn:aws-cn:iam::111122223333:role/service-role/batch/Runner").unwrap();
        assert_eq!((arn.partition, arn.account_id), ("aws-cn", "111122223333"));
        assert_eq!(arn.role_name(), Some("Runner"));
    }

    #[test]
    fn a_session_name_keeps_its_slashes() {
        let arn = Arn::parse("arn:aws:sts::111122223333:assumed-role/R/a/b").unwrap();
        assert_eq!(arn.role_session().unwrap().role_session_name, "a/b");
        assert_eq!(Arn::parse("arn:aws:sts"), None);
    }
}
