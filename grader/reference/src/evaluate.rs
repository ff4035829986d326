//! Calls a function for each case of a request.

use gradien_grader::reference::{Batching, Signature};
use gradien_grader::reference::{
    CheckCase, Checked, Device, Evaluation, Fault, FaultKind, Parameter, Precision, Returned,
};
use gradien_sandbox::array::{Named, Value};

use crate::batch;
use crate::node::Plain;
use crate::runtime;
use crate::script::Unit;
use crate::value;

/// One function of a unit on one device.
pub struct Callee<'a> {
    pub unit: &'a Unit,
    pub signature: &'a Signature,
    pub device: Device,
    pub precision: Precision,
}

impl<'a> Callee<'a> {
    pub fn find(
        unit: &'a Unit,
        function: &str,
        device: Device,
        precision: Precision,
    ) -> Result<Callee<'a>, Fault> {
        if device == Device::Cuda && runtime::cuda_devices() == 0 {
            return Err(Fault::new(FaultKind::NoDevice, "cuda"));
        }
        Ok(Callee {
            unit,
            signature: unit.get_function(function)?,
            device,
            precision,
        })
    }

    pub fn call(&self, arguments: &[Named]) -> Result<Returned, Fault> {
        check_order(&self.signature.parameters, arguments)?;
        runtime::set_precision(self.precision);
        let arguments = arguments
            .iter()
            .map(|named| self.plain(&named.value))
            .collect::<Result<_, _>>()?;
        let result = self.unit.call(&self.signature.name, arguments)?;
        value::to_returned(result, &self.signature.returns)
    }

    fn plain(&self, value: &Value) -> Result<Plain, Fault> {
        value::to_plain(value, runtime::to_tch(self.device), self.precision)
    }

    /// Calls a checker. A parameter gets all inputs or all outputs where it is
    /// named `inputs` or `outputs`, else the input or output of its name.
    fn check(&self, case: &CheckCase) -> Result<Checked, Fault> {
        runtime::set_precision(self.precision);
        let arguments = self
            .signature
            .parameters
            .iter()
            .map(|parameter| match &*parameter.name {
                "inputs" => self.all(parameter, &case.inputs),
                "outputs" => self.all(parameter, &case.outputs),
                name => {
                    let mut named = case.inputs.iter().chain(&case.outputs);
                    match named.find(|named| named.name == name) {
                        Some(named) => self.plain(&named.value),
                        None => {
                            let text = format!("there is no input and no output named '{name}'");
                            Err(Fault::new(FaultKind::BadArguments, text))
                        }
                    }
                }
            });
        let arguments = arguments.collect::<Result<_, _>>()?;
        value::to_checked(self.unit.call(&self.signature.name, arguments)?)
    }

    fn all(&self, parameter: &Parameter, values: &[Named]) -> Result<Plain, Fault> {
        let items = values
            .iter()
            .map(|named| Ok((named.name.clone(), self.plain(&named.value)?)));
        let items: Vec<(String, Plain)> = items.collect::<Result<_, Fault>>()?;
        Ok(if parameter.type_name.starts_with("Dict") {
            Plain::Dict(items)
        } else {
            Plain::List(items.into_iter().map(|(_, item)| item).collect())
        })
    }
}

/// Arguments are positional. Where one bears the name of a parameter that
/// stands elsewhere, the pack has them in another order than the reference.
fn check_order(parameters: &[Parameter], arguments: &[Named]) -> Result<(), Fault> {
    for (position, argument) in arguments.iter().enumerate() {
        let elsewhere = parameters
            .iter()
            .position(|parameter| parameter.name == argument.name);
        if elsewhere.is_some_and(|elsewhere| elsewhere != position) {
            let given: Vec<&str> = arguments.iter().map(|named| &*named.name).collect();
            let declared: Vec<&str> = parameters
                .iter()
                .map(|parameter| &*parameter.name)
                .collect();
            let text = format!(
                "arguments are given in the order ({}) but the function takes ({})",
                given.join(", "),
                declared.join(", ")
            );
            return Err(Fault::new(FaultKind::BadArguments, text));
        }
    }
    Ok(())
}

pub type Evaluated = (Vec<Result<Returned, Fault>>, Batching);

pub fn evaluate(unit: &Unit, evaluation: &Evaluation) -> Result<Evaluated, Fault> {
    let find =
        |function: &str| Callee::find(unit, function, evaluation.device, evaluation.precision);
    let single = find(&evaluation.function)?;
    let Some(batched) = &evaluation.batched else {
        let cases = evaluation
            .cases
            .iter()
            .map(|case| single.call(case))
            .collect();
        return Ok((cases, Batching::Unused));
    };
    Ok(batch::evaluate(&single, &find(batched)?, &evaluation.cases))
}

pub fn check(
    unit: &Unit,
    function: &str,
    cases: &[CheckCase],
    device: Device,
) -> Result<Vec<Result<Checked, Fault>>, Fault> {
    let callee = Callee::find(unit, function, device, Precision::Double)?;
    Ok(cases.iter().map(|case| callee.check(case)).collect())
}
