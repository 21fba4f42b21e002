{
  "Comment": "One long job: plan, encode its segments side by side, join. A step Spot cannot finish is done again on demand; what exists is not made again.",
  "StartAt": "How wanted?",
  "TimeoutSeconds": 1209600,
  "States": {
    "How wanted?": {
      "Comment": "An execution that the version before started has no priority.",
      "Type": "Choice",
      "Choices": [{ "Variable": "$.wanted", "IsPresent": true, "Next": "Which machines?" }],
      "Default": "As others"
    },
    "As others": { "Type": "Pass", "Result": { "priority": 0 }, "ResultPath": "$.wanted", "Next": "Which machines?" },
    "Which machines?": {
      "Type": "Choice",
      "Choices": [
        {
          "And": [{ "Variable": "$.compute", "IsPresent": true }, { "Variable": "$.compute", "StringEquals": "gpu" }],
          "Next": "On GPUs"
        }
      ],
      "Default": "On Fargate"
    },
    "On Fargate": {
      "Comment": "One of each for every disk, the smallest first (resources/disks.cjs).",
      "Type": "Pass",
      "Result": {
        "queues": [
          "${EncodeSpotQueue}",
          "${EncodeSpotQueue}",
          "${EncodeSpotQueue}",
          "${EncodeSpotQueue}",
          "${Encode500SpotQueue}",
          "${Encode2048SpotQueue}"
        ],
        "onDemand": [
          "${EncodeOnDemandQueue}",
          "${EncodeOnDemandQueue}",
          "${EncodeOnDemandQueue}",
          "${EncodeOnDemandQueue}",
          "${Encode500OnDemandQueue}",
          "${Encode2048OnDemandQueue}"
        ],
        "definitions": [
          "${EncodeJob}",
          "${EncodeJob50}",
          "${EncodeJob100}",
          "${EncodeJob200}",
          "${EncodeJob500}",
          "${EncodeJob2048}"
        ]
      },
      "ResultPath": "$.place",
      "Next": "Which disk?"
    },
    "Which disk?": {
      "Comment": "An execution that the version before started names none; all disks had 100 GiB then.",
      "Type": "Choice",
      "Choices": [{ "Variable": "$.disk", "IsPresent": true, "Next": "Which market?" }],
      "Default": "As before"
    },
    "As before": { "Type": "Pass", "Result": 2, "ResultPath": "$.disk", "Next": "Which market?" },
    "On GPUs": {
      "Type": "Pass",
      "Result": {
        "queues": ["${GpuSpotQueue}"],
        "onDemand": ["${GpuOnDemandQueue}"],
        "definitions": ["${UpscaleJob}"],
        "only": 0
      },
      "ResultPath": "$.place",
      "Next": "With their volume"
    },
    "With their volume": {
      "Type": "Pass",
      "InputPath": "$.place.only",
      "ResultPath": "$.disk",
      "Next": "Which market?"
    },
    "Which market?": {
      "Type": "Choice",
      "Choices": [
        {
          "And": [
            { "Variable": "$.market", "IsPresent": true },
            { "Variable": "$.market", "StringEquals": "on-demand" }
          ],
          "Next": "On demand"
        }
      ],
      "Default": "Plan"
    },
    "Plan": {
      "Type": "Task",
      "Resource": "arn:${AWS::Partition}:states:::batch:submitJob.sync",
      "Parameters": {
        "JobName.$": "States.Format('${AWS::StackName}-{}-{}-plan', $.recipe, $.jobId)",
        "JobQueue.$": "States.ArrayGetItem($.place.queues, $.disk)",
        "ShareIdentifier": "drops",
        "SchedulingPriorityOverride.$": "$.wanted.priority",
        "JobDefinition.$": "States.ArrayGetItem($.place.definitions, $.disk)",
        "ContainerOverrides": {
          "Environment": [
            { "Name": "REELMILL_STEP", "Value": "plan" },
            { "Name": "JOB_ID", "Value.$": "$.jobId" },
            { "Name": "S3_BUCKET", "Value.$": "$.bucket" },
            { "Name": "S3_KEY", "Value.$": "$.key" }
          ],
          "ResourceRequirements": [
            { "Type": "VCPU", "Value.$": "$.vcpu" },
            { "Type": "MEMORY", "Value.$": "$.memory" }
          ]
        },
        "Tags": { "project": "reelmill", "stage": "${Stage}", "recipe.$": "$.recipe", "job.$": "$.jobId" }
      },
      "ResultPath": null,
      "Retry": [
        {
          "ErrorEquals": [
            "Batch.ServerException",
            "Batch.BatchException",
            "Batch.TooManyRequestsException",
            "Batch.SdkClientException"
          ],
          "IntervalSeconds": 2,
          "MaxAttempts": 6,
          "BackoffRate": 2,
          "MaxDelaySeconds": 60,
          "JitterStrategy": "FULL"
        }
      ],
      "Catch": [{ "ErrorEquals": ["States.ALL"], "ResultPath": "$.failure", "Next": "Plan failed" }],
      "Next": "Read the plan"
    },
    "Read the plan": {
      "Comment": "Batch returns nothing a container says, so the plan lies in the bucket.",
      "Type": "Task",
      "Resource": "arn:${AWS::Partition}:states:::aws-sdk:s3:getObject",
      "Parameters": { "Bucket.$": "$.bucket", "Key.$": "States.Format('work/{}/fan-out.json', $.jobId)" },
      "ResultSelector": { "plan.$": "States.StringToJson($.Body)" },
      "ResultPath": "$.fanOut",
      "Retry": [
        {
          "ErrorEquals": ["States.TaskFailed"],
          "IntervalSeconds": 2,
          "MaxAttempts": 4,
          "BackoffRate": 2,
          "JitterStrategy": "FULL"
        }
      ],
      "Catch": [{ "ErrorEquals": ["States.ALL"], "ResultPath": "$.failure", "Next": "Failed" }],
      "Next": "How many segments?"
    },
    "How many segments?": {
      "Comment": "An array of one is not legal.",
      "Type": "Choice",
      "Choices": [
        { "Variable": "$.fanOut.plan.tasks", "NumericGreaterThan": 1, "Next": "Segments" },
        { "Variable": "$.fanOut.plan.tasks", "NumericEquals": 1, "Next": "Segment" }
      ],
      "Default": "Join"
    },
    "Segments": {
      "Type": "Task",
      "Resource": "arn:${AWS::Partition}:states:::batch:submitJob.sync",
      "Parameters": {
        "JobName.$": "States.Format('${AWS::StackName}-{}-{}-segments', $.recipe, $.jobId)",
        "JobQueue.$": "States.ArrayGetItem($.place.queues, $.fanOut.plan.disk)",
        "ShareIdentifier": "drops",
        "SchedulingPriorityOverride.$": "$.wanted.priority",
        "JobDefinition.$": "States.ArrayGetItem($.place.definitions, $.fanOut.plan.disk)",
        "ArrayProperties": { "Size.$": "$.fanOut.plan.tasks" },
        "ContainerOverrides": {
          "Environment": [
            { "Name": "REELMILL_STEP", "Value": "segment" },
            { "Name": "JOB_ID", "Value.$": "$.jobId" },
            { "Name": "S3_BUCKET", "Value.$": "$.bucket" },
            { "Name": "S3_KEY", "Value.$": "$.key" }
          ],
          "ResourceRequirements": [
            { "Type": "VCPU", "Value.$": "$.fanOut.plan.vcpu" },
            { "Type": "MEMORY", "Value.$": "$.fanOut.plan.memory" }
          ]
        },
        "Tags": { "project": "reelmill", "stage": "${Stage}", "recipe.$": "$.recipe", "job.$": "$.jobId" }
      },
      "ResultPath": null,
      "Retry": [
        {
          "ErrorEquals": [
            "Batch.ServerException",
            "Batch.BatchException",
            "Batch.TooManyRequestsException",
            "Batch.SdkClientException"
          ],
          "IntervalSeconds": 2,
          "MaxAttempts": 6,
          "BackoffRate": 2,
          "MaxDelaySeconds": 60,
          "JitterStrategy": "FULL"
        }
      ],
      "Catch": [{ "ErrorEquals": ["States.ALL"], "ResultPath": "$.failure", "Next": "Segments failed" }],
      "Next": "Join"
    },
    "Segment": {
      "Type": "Task",
      "Resource": "arn:${AWS::Partition}:states:::batch:submitJob.sync",
      "Parameters": {
        "JobName.$": "States.Format('${AWS::StackName}-{}-{}-segments', $.recipe, $.jobId)",
        "JobQueue.$": "States.ArrayGetItem($.place.queues, $.fanOut.plan.disk)",
        "ShareIdentifier": "drops",
        "SchedulingPriorityOverride.$": "$.wanted.priority",
        "JobDefinition.$": "States.ArrayGetItem($.place.definitions, $.fanOut.plan.disk)",
        "ContainerOverrides": {
          "Environment": [
            { "Name": "REELMILL_STEP", "Value": "segment" },
            { "Name": "JOB_ID", "Value.$": "$.jobId" },
            { "Name": "S3_BUCKET", "Value.$": "$.bucket" },
            { "Name": "S3_KEY", "Value.$": "$.key" }
          ],
          "ResourceRequirements": [
            { "Type": "VCPU", "Value.$": "$.fanOut.plan.vcpu" },
            { "Type": "MEMORY", "Value.$": "$.fanOut.plan.memory" }
          ]
        },
        "Tags": { "project": "reelmill", "stage": "${Stage}", "recipe.$": "$.recipe", "job.$": "$.jobId" }
      },
      "ResultPath": null,
      "Retry": [
        {
          "ErrorEquals": [
            "Batch.ServerException",
            "Batch.BatchException",
            "Batch.TooManyRequestsException",
            "Batch.SdkClientException"
          ],
          "IntervalSeconds": 2,
          "MaxAttempts": 6,
          "BackoffRate": 2,
          "MaxDelaySeconds": 60,
          "JitterStrategy": "FULL"
        }
      ],
      "Catch": [{ "ErrorEquals": ["States.ALL"], "ResultPath": "$.failure", "Next": "Segments failed" }],
      "Next": "Join"
    },
    "Join": {
      "Type": "Task",
      "Resource": "arn:${AWS::Partition}:states:::batch:submitJob.sync",
      "Parameters": {
        "JobName.$": "States.Format('${AWS::StackName}-{}-{}-join', $.recipe, $.jobId)",
        "JobQueue.$": "States.ArrayGetItem($.place.queues, $.fanOut.plan.join.disk)",
        "ShareIdentifier": "drops",
        "SchedulingPriorityOverride.$": "$.wanted.priority",
        "JobDefinition.$": "States.ArrayGetItem($.place.definitions, $.fanOut.plan.join.disk)",
        "ContainerOverrides": {
          "Environment": [
            { "Name": "REELMILL_STEP", "Value": "join" },
            { "Name": "JOB_ID", "Value.$": "$.jobId" },
            { "Name": "S3_BUCKET", "Value.$": "$.bucket" },
            { "Name": "S3_KEY", "Value.$": "$.key" }
          ],
          "ResourceRequirements": [
            { "Type": "VCPU", "Value.$": "$.fanOut.plan.join.vcpu" },
            { "Type": "MEMORY", "Value.$": "$.fanOut.plan.join.memory" }
          ]
        },
        "Tags": { "project": "reelmill", "stage": "${Stage}", "recipe.$": "$.recipe", "job.$": "$.jobId" }
      },
      "ResultPath": null,
      "Retry": [
        {
          "ErrorEquals": [
            "Batch.ServerException",
            "Batch.BatchException",
            "Batch.TooManyRequestsException",
            "Batch.SdkClientException"
          ],
          "IntervalSeconds": 2,
          "MaxAttempts": 6,
          "BackoffRate": 2,
          "MaxDelaySeconds": 60,
          "JitterStrategy": "FULL"
        }
      ],
      "Catch": [{ "ErrorEquals": ["States.ALL"], "ResultPath": "$.failure", "Next": "Join failed" }],
      "End": true
    },
    "Plan failed": { "Type": "Pass", "Result": "plan", "ResultPath": "$.failedAt", "Next": "Can another queue help?" },
    "Segments failed": {
      "Type": "Pass",
      "Result": "segments",
      "ResultPath": "$.failedAt",
      "Next": "Can another queue help?"
    },
    "Join failed": { "Type": "Pass", "Result": "join", "ResultPath": "$.failedAt", "Next": "Can another queue help?" },
    "Can another queue help?": {
      "Comment": "No, if it is already on demand, if the task itself said that no repetition helps (core/errors.ts), or if memory or its disk ran out.",
      "Type": "Choice",
      "Choices": [
        {
          "Or": [
            {
              "And": [
                { "Variable": "$.market", "IsPresent": true },
                { "Variable": "$.market", "StringEquals": "on-demand" }
              ]
            },
            { "Variable": "$.failure.Cause", "StringMatches": "*\"ExitCode\":64*" },
            { "Variable": "$.failure.Cause", "StringMatches": "*\"ExitCode\":65*" },
            { "Variable": "$.failure.Cause", "StringMatches": "*\"ExitCode\":66*" },
            { "Variable": "$.failure.Cause", "StringMatches": "*\"ExitCode\":69*" },
            { "Variable": "$.failure.Cause", "StringMatches": "*\"ExitCode\":70*" },
            { "Variable": "$.failure.Cause", "StringMatches": "*\"ExitCode\":73*" },
            { "Variable": "$.failure.Cause", "StringMatches": "*\"ExitCode\":74*" },
            { "Variable": "$.failure.Cause", "StringMatches": "*OutOfMemory*" }
          ],
          "Next": "Failed"
        }
      ],
      "Default": "On demand"
    },
    "On demand": {
      "Type": "Pass",
      "InputPath": "$.place.onDemand",
      "ResultPath": "$.place.queues",
      "Next": "From now on"
    },
    "From now on": { "Type": "Pass", "Result": "on-demand", "ResultPath": "$.market", "Next": "Where were we?" },
    "Where were we?": {
      "Type": "Choice",
      "Choices": [
        {
          "And": [
            { "Variable": "$.failedAt", "IsPresent": true },
            { "Variable": "$.failedAt", "StringEquals": "segments" }
          ],
          "Next": "How many segments?"
        },
        {
          "And": [
            { "Variable": "$.failedAt", "IsPresent": true },
            { "Variable": "$.failedAt", "StringEquals": "join" }
          ],
          "Next": "Join"
        }
      ],
      "Default": "Plan"
    },
    "Failed": { "Type": "Fail", "ErrorPath": "$.failure.Error", "CausePath": "$.failure.Cause" }
  }
}
