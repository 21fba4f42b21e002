// Where the layers of images lie in S3, for the endpoint's policy: ECR's, and, where an image comes from Docker Hub, the
// bucket of Docker's to which it has sent who pulls from AWS. Layers are public, and each is held to its digest.
const arn = (...parts) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::', ...parts, '/*']] });
const ECR = arn('prod-', { Ref: 'AWS::Region' }, '-starport-layer-bucket');
const HUB = arn('docker-images-prod');

module.exports = async ({ resolveVariable }) => {
  const images = [await resolveVariable('param:encodeImage'), await resolveVariable('param:upscaleImage')];
  return images.some((image) => image.startsWith('docker.io/')) ? [ECR, HUB] : [ECR];
};
