//! User agents as tools and services send them.

pub(crate) const CLI_MAC: &str = "aws-cli/2.31.18 md/awscrt#0.28.2 ua/2.1 os/macos#25.0.0 md/arch#arm64 lang/python#3.13.7 md/pyimpl#CPython m/b,E,Z cfg/retry-mode#standard md/installer#exe md/prompt#off";
pub(crate) const CLI_NEWER: &str = "aws-cli/2.33.2 md/awscrt#0.29.1 ua/2.1 os/macos#25.1.0 md/arch#arm64 lang/python#3.13.9 md/pyimpl#CPython m/b,E,Z cfg/retry-mode#standard md/installer#exe md/prompt#off";
pub(crate) const CLI_LINUX: &str = "aws-cli/2.31.9 md/awscrt#0.28.2 ua/2.1 os/linux#6.8.0-84-generic md/arch#x86_64 lang/python#3.13.7 md/pyimpl#CPython m/b,E,Z cfg/retry-mode#standard md/installer#exe md/distrib#ubuntu.24 md/prompt#off";
pub(crate) const CLI_WINDOWS: &str = "aws-cli/2.30.4 md/awscrt#0.27.6 ua/2.1 os/windows#11 md/arch#amd64 lang/python#3.13.7 md/pyimpl#CPython m/b,E,Z cfg/retry-mode#standard md/installer#exe md/prompt#off";
pub(crate) const CLI_KALI: &str = "aws-cli/2.23.6 md/awscrt#0.23.8 ua/2.0 os/linux#6.12.13-amd64 md/arch#x86_64 lang/python#3.13.3 md/pyimpl#CPython cfg/retry-mode#standard md/installer#source md/distrib#kali.2026 md/prompt#off";
pub(crate) const CLI_ON_SERVER: &str = "aws-cli/1.42.30 md/Botocore#1.40.30 ua/2.1 os/linux#6.1.150-174.273.amzn2023.x86_64 md/arch#x86_64 lang/python#3.9.23 md/pyimpl#CPython m/b,Z cfg/retry-mode#legacy";
pub(crate) const BOTO3_MAC: &str = "Boto3/1.40.45 md/Botocore#1.40.45 ua/2.1 os/macos#25.0.0 md/arch#arm64 lang/python#3.12.11 md/pyimpl#CPython m/b,Z,D cfg/retry-mode#legacy Botocore/1.40.45";
pub(crate) const BOTO3_LINUX: &str = "Boto3/1.40.18 md/Botocore#1.40.18 ua/2.1 os/linux#5.15.0-156-generic md/arch#x86_64 lang/python#3.11.2 md/pyimpl#CPython m/b,Z cfg/retry-mode#legacy Botocore/1.40.18";
pub(crate) const BOTO3_CONTAINER: &str = "Boto3/1.40.31 ua/2.1 os/linux#5.10.242 md/arch#x86_64 lang/python#3.12.11 exec-env/AWS_ECS_FARGATE m/b,Z,z";
pub(crate) const BOTO3_LAMBDA: &str = "Boto3/1.40.4 ua/2.1 os/linux#5.10.240 md/arch#x86_64 lang/python#3.13.7 exec-env/AWS_Lambda_python3.13 m/b,Z";
pub(crate) const JAVA_INSTANCE: &str = "aws-sdk-java/2.34.5 ua/2.1 api/S3#2.34.x os/Linux lang/java#21.0.8 md/vendor#Amazon.com_Inc. m/D,b,Z";
pub(crate) const GO_POD: &str =
    "aws-sdk-go-v2/1.39.2 ua/2.1 os/linux lang/go#1.25.1 md/GOARCH#amd64 api/s3#1.88.3 m/E,e,z";
pub(crate) const BOTO3_SERVER: &str = "Boto3/1.40.30 md/Botocore#1.40.30 ua/2.1 os/linux#6.1.150-174.273.amzn2023.x86_64 md/arch#x86_64 lang/python#3.9.23 md/pyimpl#CPython m/b,Z cfg/retry-mode#legacy Botocore/1.40.30";
pub(crate) const GO_SERVER: &str = "aws-sdk-go-v2/1.39.2 ua/2.1 os/linux lang/go#1.25.1 md/GOOS#linux md/GOARCH#amd64 api/sfn#1.39.2 m/E,e";
pub(crate) const IMAGE_PULLER: &str = "ecr-credential-provider aws-sdk-go-v2/1.39.0 ua/2.1 os/linux lang/go#1.24.6 md/GOOS#linux md/GOARCH#amd64 api/ecr#1.50.2 m/E,n";
pub(crate) const POD_NETWORK: &str = "amazon-vpc-cni-k8s aws-sdk-go-v2/1.38.3 ua/2.1 os/linux lang/go#1.24.6 md/GOOS#linux md/GOARCH#amd64 api/ec2#1.251.0 m/C,E";
pub(crate) const POD_VOLUMES: &str = "aws-ebs-csi-driver/v1.49.0 aws-sdk-go-v2/1.39.0 ua/2.1 os/linux lang/go#1.25.1 md/GOOS#linux md/GOARCH#amd64 api/ec2#1.253.0 m/E,e";
pub(crate) const AUTOSCALER: &str =
    "aws-sdk-go/1.48.7 (go1.24.7; linux; amd64) cluster-autoscaler/v1.33.1";
pub(crate) const SSM_AGENT_ON_PREMISES: &str =
    "aws-sdk-go/1.55.5 (go1.24.6; linux; amd64) amazon-ssm-agent/3.3.2299.0 (onprem)";
pub(crate) const SSM_AGENT: &str =
    "aws-sdk-go/1.55.5 (go1.24.6; linux; amd64) amazon-ssm-agent/3.3.2299.0";
pub(crate) const GITHUB: &str = "aws-sdk-js/3.899.0 ua/2.1 os/linux#6.11.0-1018-azure lang/js md/nodejs#20.19.5 api/sts#3.899.0 configure-aws-credentials-for-github-actions";
pub(crate) const TERRAFORM: &str = "APN/1.0 HashiCorp/1.0 Terraform/1.13.3 (+https://www.terraform.io) terraform-provider-aws/6.14.1 (+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go-v2/1.39.2 ua/2.1 os/linux lang/go#1.24.6 md/GOOS#linux md/GOARCH#amd64 m/E,e,n";
pub(crate) const FIREFOX: &str =
    "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0";
pub(crate) const CHROME: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36";
pub(crate) const SIGNIN_SERVICE: &str = "AWS Signin, aws-internal/3 aws-sdk-java/1.12.788 Linux/5.10.240 OpenJDK_64-Bit_Server_VM/17.0.16";
pub(crate) const PORTAL: &str = "Jersey/${project.version} (HttpUrlConnection 17.0.16)";
pub(crate) const VENDOR: &str = "cost-lens-collector/4.2 aws-sdk-go-v2/1.38.0 ua/2.1 os/linux lang/go#1.24.5 md/GOOS#linux md/GOARCH#arm64 api/costexplorer#1.51.1";
pub(crate) const PYTHON_REQUESTS: &str = "python-requests/2.32.5";
