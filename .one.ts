import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
const sqs = new SQSClient({});
const N = 2000;
for (let r = 0; r < 3; r++) {
const t = performance.now();
for (let i = 0; i < N; i++) {
  await sqs.send(new SendMessageCommand({ QueueUrl: process.env["INVITATIONS_QUEUE_URL"], MessageBody: JSON.stringify({ specversion: "1.0", id: `x-${r}-${i}-${process.pid}`, source: "/x", type: "onboarding.invitation.create", time: "2026-11-24T04:12:52.994Z", data: { organizationId: "acme", invitee: `p-${i}@example.com`, organizationRoleIds: ["member", "admin"], expiresIn: "P7D", message: { locale: "en", link: "https://app.example.com/join" } } }), MessageGroupId: `g${i}`, MessageDeduplicationId: `d-${r}-${i}-${process.pid}` }));
}
console.log("one at a time", N / (performance.now() - t) * 1000);
}
