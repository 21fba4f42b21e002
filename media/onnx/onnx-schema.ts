import protobuf from 'protobufjs';

/**
 * ONNX's messages from onnx.proto (IR version 10; ONNX project, Apache-2.0). Only the field numbers matter to the
 * encoding.
 */
const ONNX = `
  syntax = "proto2";
  message StringStringEntryProto { optional string key = 1; optional string value = 2; }
  message OperatorSetIdProto { optional string domain = 1; optional int64 version = 2; }
  message AttributeProto {
    optional string name = 1; optional float f = 2; optional int64 i = 3; optional bytes s = 4;
    optional TensorProto t = 5; optional GraphProto g = 6; repeated float floats = 7; repeated int64 ints = 8;
    repeated bytes strings = 9; repeated TensorProto tensors = 10; repeated GraphProto graphs = 11;
    optional string doc_string = 13; optional TypeProto tp = 14; repeated TypeProto type_protos = 15;
    optional int32 type = 20; optional string ref_attr_name = 21; optional SparseTensorProto sparse_tensor = 22;
    repeated SparseTensorProto sparse_tensors = 23;
  }
  message ValueInfoProto {
    optional string name = 1; optional TypeProto type = 2; optional string doc_string = 3;
    repeated StringStringEntryProto metadata_props = 4;
  }
  message NodeProto {
    repeated string input = 1; repeated string output = 2; optional string name = 3; optional string op_type = 4;
    repeated AttributeProto attribute = 5; optional string doc_string = 6; optional string domain = 7;
    optional string overload = 8; repeated StringStringEntryProto metadata_props = 9;
  }
  message ModelProto {
    optional int64 ir_version = 1; optional string producer_name = 2; optional string producer_version = 3;
    optional string domain = 4; optional int64 model_version = 5; optional string doc_string = 6;
    optional GraphProto graph = 7; repeated OperatorSetIdProto opset_import = 8;
    repeated StringStringEntryProto metadata_props = 14; repeated FunctionProto functions = 25;
  }
  message GraphProto {
    repeated NodeProto node = 1; optional string name = 2; repeated TensorProto initializer = 5;
    optional string doc_string = 10; repeated ValueInfoProto input = 11; repeated ValueInfoProto output = 12;
    repeated ValueInfoProto value_info = 13; repeated TensorAnnotation quantization_annotation = 14;
    repeated SparseTensorProto sparse_initializer = 15; repeated StringStringEntryProto metadata_props = 16;
  }
  message TensorAnnotation {
    optional string tensor_name = 1; repeated StringStringEntryProto quant_parameter_tensor_names = 2;
  }
  message TensorProto {
    message Segment { optional int64 begin = 1; optional int64 end = 2; }
    repeated int64 dims = 1; optional int32 data_type = 2; optional Segment segment = 3;
    repeated float float_data = 4 [packed = true]; repeated int32 int32_data = 5 [packed = true];
    repeated bytes string_data = 6; repeated int64 int64_data = 7 [packed = true]; optional string name = 8;
    optional bytes raw_data = 9; repeated double double_data = 10 [packed = true];
    repeated uint64 uint64_data = 11 [packed = true]; optional string doc_string = 12;
    repeated StringStringEntryProto external_data = 13; optional int32 data_location = 14;
    repeated StringStringEntryProto metadata_props = 16;
  }
  message SparseTensorProto {
    optional TensorProto values = 1; optional TensorProto indices = 2; repeated int64 dims = 3;
  }
  message TensorShapeProto {
    message Dimension { optional int64 dim_value = 1; optional string dim_param = 2; optional string denotation = 3; }
    repeated Dimension dim = 1;
  }
  message TypeProto {
    message Tensor { optional int32 elem_type = 1; optional TensorShapeProto shape = 2; }
    message Sequence { optional TypeProto elem_type = 1; }
    message Map { optional int32 key_type = 1; optional TypeProto value_type = 2; }
    message Optional { optional TypeProto elem_type = 1; }
    message SparseTensor { optional int32 elem_type = 1; optional TensorShapeProto shape = 2; }
    optional Tensor tensor_type = 1; optional Sequence sequence_type = 4; optional Map map_type = 5;
    optional string denotation = 6; optional SparseTensor sparse_tensor_type = 8; optional Optional optional_type = 9;
  }
  message FunctionProto {
    optional string name = 1; repeated string input = 4; repeated string output = 5; repeated string attribute = 6;
    repeated NodeProto node = 7; optional string doc_string = 8; repeated OperatorSetIdProto opset_import = 9;
    optional string domain = 10; repeated AttributeProto attribute_proto = 11; repeated ValueInfoProto value_info = 12;
    optional string overload = 13; repeated StringStringEntryProto metadata_props = 14;
  }
`;

export const modelProto = protobuf.parse(ONNX).root.lookupType('ModelProto');
