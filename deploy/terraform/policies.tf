# Permissions of the role that Rolecall runs as. Nothing here can change IAM, compute or data.

locals {
  bucket_arn = "arn:${data.aws_partition.current.partition}:s3:::${var.bucket_name}"

  has_sinks = var.event_bus_arn != null || var.security_hub
}

resource "aws_iam_policy" "ingest" {
  name_prefix = "rolecall-ingest-"
  description = "Lets Rolecall read log files and take notifications about them."

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Sid      = "ListLogs"
          Effect   = "Allow"
          Action   = "s3:ListBucket"
          Resource = local.bucket_arn
        },
        {
          Sid      = "ReadLogs"
          Effect   = "Allow"
          Action   = "s3:GetObject"
          Resource = "${local.bucket_arn}/${var.key_prefix}*"
        },
        {
          Sid    = "TakeNotifications"
          Effect = "Allow"
          Action = [
            "sqs:ChangeMessageVisibility",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
            "sqs:GetQueueUrl",
            "sqs:ReceiveMessage",
          ]
          Resource = aws_sqs_queue.notifications.arn
        },
        {
          Sid    = "ReadSettingsOfTrails"
          Effect = "Allow"
          Action = [
            "cloudtrail:DescribeTrails",
            "cloudtrail:GetEventSelectors",
            "cloudtrail:GetTrailStatus",
            "cloudtrail:ListPublicKeys",
            "cloudtrail:LookupEvents",
          ]
          Resource = "*"
        },
      ],
      [for key in var.key_arn[*] :
        {
          Sid      = "DecryptLogs"
          Effect   = "Allow"
          Action   = "kms:Decrypt"
          Resource = key
          Condition = {
            StringEquals = {
              "kms:ViaService" = "s3.${data.aws_region.current.name}.${data.aws_partition.current.dns_suffix}"
            }
          }
        }
      ],
    )
  })
}

resource "aws_iam_policy" "enrich" {
  count       = var.enrich ? 1 : 0
  name_prefix = "rolecall-enrich-"
  description = "Lets Rolecall list instances, networks, roles and accounts."

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "ListNetworks"
        Effect = "Allow"
        Action = [
          "ec2:DescribeAddresses",
          "ec2:DescribeInstances",
          "ec2:DescribeNatGateways",
          "ec2:DescribeNetworkInterfaces",
          "ec2:DescribeRouteTables",
          "ec2:DescribeVpcEndpoints",
        ]
        Resource = "*"
      },
      {
        Sid    = "LookAfterTheSetUp"
        Effect = "Allow"
        Action = [
          "ec2:DescribeRegions",
          "events:DescribeEventBus",
          "events:DescribeRule",
          "events:ListRuleNamesByTarget",
          "organizations:DescribeOrganization",
          "s3:GetBucketNotification",
          "securityhub:DescribeHub",
        ]
        Resource = "*"
      },
      {
        Sid    = "ReadRolesAndAccounts"
        Effect = "Allow"
        Action = [
          "iam:GetRole",
          "organizations:ListAccounts",
        ]
        Resource = "*"
      },
    ]
  })
}

resource "aws_iam_policy" "sinks" {
  count       = local.has_sinks ? 1 : 0
  name_prefix = "rolecall-sinks-"
  description = "Lets Rolecall send alerts."

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [for bus in var.event_bus_arn[*] :
        {
          Sid      = "PutEvents"
          Effect   = "Allow"
          Action   = "events:PutEvents"
          Resource = bus
        }
      ],
      [for account in var.security_hub ? [data.aws_caller_identity.current.account_id] : [] :
        {
          Sid      = "ImportFindings"
          Effect   = "Allow"
          Action   = "securityhub:BatchImportFindings"
          Resource = "arn:${data.aws_partition.current.partition}:securityhub:${data.aws_region.current.name}:${account}:product/${account}/default"
        }
      ],
    )
  })
}

output "ingest_policy_arn" {
  description = "To be attached to the role that Rolecall runs as."
  value       = aws_iam_policy.ingest.arn
}

output "enrich_policy_arn" {
  description = "To be attached to the role that Rolecall runs as, if there is one."
  value       = one(aws_iam_policy.enrich[*].arn)
}

output "sinks_policy_arn" {
  description = "To be attached to the role that Rolecall runs as, if there is one."
  value       = one(aws_iam_policy.sinks[*].arn)
}
